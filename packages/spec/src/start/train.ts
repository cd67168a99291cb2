import type { Update } from '../cell.ts'
import { isWithin, type Mapping } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import { type Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, word } from '../field/section.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { collectParts, withMistakes } from '../mistakes.ts'
import { conditionReader, type Timed, timed, timedOrPlain } from '../trial/events.ts'
import { checkDriftActs, checkTimed } from '../trial/horizon.ts'
import { minimalTrial } from '../trial/minimalTrial.ts'
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
