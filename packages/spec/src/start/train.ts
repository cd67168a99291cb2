import type { Cell, Landscape, TrainedStart, Update } from '../cell.ts'
import { isWithin, type Mapping } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import { type Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, word } from '../field/section.ts'
import { kernelVersionOf } from '../identity.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { collectParts, withMistakes } from '../mistakes.ts'
import { conditionReader, type Timed, timed, timedOrPlain } from '../trial/events.ts'
import { checkDriftActs, checkTimed } from '../trial/horizon.ts'
import { minimalTrial } from '../trial/trial.ts'
import { resolveChanges } from '../update/changes.ts'
import { resolveDrifts } from '../update/drift.ts'
import { resolveRule } from '../update/rule.ts'
import { resolveEta, updateSchema } from '../update/update.ts'

export const trainFields = {
  update: {
    schema: updateSchema.describe('The update of the training run. It is independent of the update of the trials.'),
    read: updateOf,
  },
  until: {
    schema: timedOrPlain.describe('Training ends when this condition holds: a text, or {when, every}.'),
    read: untilOf,
  },
  steps: number(ranges.steps, 'The largest number of steps of the training run.'),
  per: word(
    ['cell', 'trial'],
    'cell: all trials start from the end of one run. trial: each trial has a run of its own.',
  ),
}

function untilOf(frame: Frame, key: string, resolved: ResolvedLandscape): Timed | null {
  if (frame.get(key) === undefined) return null
  const until = timed(frame, key, conditionReader(frame.scope, resolved, 'event'))
  checkTimed(until, trainFields.steps.read(frame, 'steps'), frame.at(key))
  return until
}

/** The update is read as if it were the update of the cell, so that its expressions mean the same. */
function updateOf(frame: Frame, key: string, resolved: ResolvedLandscape): Update {
  const { scope } = frame
  const [update, steps] = [frame.get(key), frame.get('steps')]
  const document = { ...(scope.root.object as Mapping), update, trial: { steps } }
  const own = new Scope(document, scope.library)
  const placedHere = (mistake: Mistake) =>
    isWithin(mistake.path, ['update']) || isWithin(mistake.path, ['trial'])
      ? mistake.at([...frame.path(), ...mistake.path.slice(mistake.path[0] === 'trial' ? 1 : 0)])
      : mistake
  const read = () => {
    const { changes, ...parts } = collectParts({
      drift: () => resolveDrifts(own, resolved),
      eta: () => resolveEta(own),
      rule: () => resolveRule(own),
      changes: () => resolveChanges(own, resolved),
    })
    const made: Update = { ...parts, ...changes }
    if (typeof steps === 'number')
      checkDriftActs(made, { ...minimalTrial, steps }, () => Array.isArray((update as Mapping).drift))
    return made
  }
  try {
    return withMistakes(read, placedHere)
  } finally {
    for (const name of own.reads) if (name !== 'update' && name !== 'trial') scope.reads.add(name)
  }
}

/**
 * The cell whose trials are the training runs of a cell; null if its start is not trained. It does not depend on the
 * update and the events of the cell, and its streams are its own.
 */
export function trainingCell(cell: Cell): Cell | null {
  const start = trainedStart(cell)
  if (start === null) return null
  const { from, update, until, every, steps } = start
  const run: Omit<Cell, 'kernel'> = {
    landscape: start.landscape ?? cell.landscape,
    method: { kind: 'direct' },
    seed: cell.seed,
    start: from,
    streams: 'independent',
    trial: {
      ...minimalTrial,
      steps,
      divergence: cell.trial.divergence,
      converge: until === null ? null : { kind: 'when', when: until, hold: 1, ...(every !== undefined && { every }) },
    },
    update,
  }
  return { kernel: kernelVersionOf(run), ...run }
}

export function trainedStart({ start }: Pick<Cell, 'start'>): TrainedStart | null {
  return start.kind === 'train' ? start : null
}

/** The cell on another landscape, with the same starts. */
export function withLandscape(cell: Cell, landscape: Landscape): Cell {
  const start = trainedStart(cell)
  return { ...cell, landscape, start: start === null ? cell.start : { landscape: cell.landscape, ...start } }
}
