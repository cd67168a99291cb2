import * as z from 'zod'
import type { Descent, Trial } from '../cell.ts'
import { label, named, section } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, readersOf, shapeOf, word } from '../field/section.ts'
import { checkCount, checkLabel } from '../field/vocabulary.ts'
import { settleTolerance } from '../identity.ts'
import type { Minimum, ResolvedLandscape } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { sharpenMinimum } from '../stationary/minimum.ts'
import { descentFields } from './descent.ts'
import { conditionReader, convergeField, type EventInput, escapeField, timed, timedOrPlain } from './events.ts'
import { checkWithinHorizon } from './horizon.ts'
import { defaultDivergence, defaultRadius } from './minimalTrial.ts'

const trialFields = {
  steps: number(ranges.steps, 'The horizon N: the largest number of steps of a trial.'),
  escape: escapeField,
  converge: convergeField,
  afterEscape: word(['stop', 'continue'], 'Whether a trial stops after its escape.'),
  afterConverge: word(['stop', 'continue'], 'Whether a trial stops after it has converged.'),
  divergence: number(
    ranges.positive,
    'A trial ends as diverged when |theta_i| exceeds this. Default 1e6.',
    defaultDivergence,
  ),
  marks: namedConditions(
    'Named conditions. The first step at which each condition holds is recorded. Marks never end a trial.',
    [],
    limits.marks,
    'marks',
  ),
  classify: namedConditions(
    'Classes of the end state. The first condition that holds names the class. If none holds, the class is "other".',
    ['other'],
    limits.classes,
    'classes',
  ),
  settledRadius: number(
    ranges.positive,
    'A converged trial settles in the first named minimum that is within this distance of its last theta. ' +
      'Default 1e-3.',
    defaultRadius,
  ),
  warmup: number(
    ranges.stepIndex,
    'Number of warm-up steps before time zero. Events are not tested during the warm-up. `distance` is measured ' +
      'from the point where the warm-up ends, and `basin` is the basin of that point.',
    0,
  ),
  quench: {
    schema: z
      .union([z.boolean(), section([], shapeOf(descentFields))], { error: 'true, false or {gradient, eta, steps}' })
      .describe(
        'Runs noise-free descent from the last theta to find the minimum in which the trial settled. Default false.',
      ),
    read: (frame: Frame, key: string): Descent | null => {
      if (frame.get(key) === undefined || frame.get(key) === false) return null
      return collectParts(readersOf(descentFields, frame.inner(key)))
    },
  },
}

export const trialSchema = section(['steps'], shapeOf(trialFields)).describe(
  'The horizon and the events of a trial. Events are tested on theta_n after each step.',
)

export function resolveTrial(scope: Scope, resolved: ResolvedLandscape): Trial {
  const frame = scope.root.inner('trial')
  const input = { resolved, condition: conditionReader(scope, resolved, 'event') }
  const trial = collectParts<Trial>({
    ...readersOf(trialFields, frame, input),
    classify: () => {
      const hasQuench = trialFields.quench.read(frame, 'quench') !== null
      const condition = conditionReader(scope, resolved, 'class', hasQuench)
      return trialFields.classify.read(frame, 'classify', { resolved, condition })
    },
    minima: () => resolved.minima.all,
  })
  checkWithinHorizon(trial)
  scope.reads.add(settlesByRadius(trial) ? settledRadius : withoutRadius)
  const tolerance = settleTolerance(trial)
  return tolerance === null ? trial : { ...trial, minima: sharpMinima(scope, resolved, tolerance) }
}

function namedConditions(description: string, used: readonly string[], limit: number, what: string) {
  return {
    schema: named(label, timedOrPlain, 'a mapping of names to conditions').describe(description),
    read: (holder: Frame, key: string, { condition }: EventInput) => {
      const frame = holder.inner(key)
      const names = Object.keys(frame.object)
      checkCount(names.length, limit, what, frame.path())
      return collectEach(names, (name) => {
        checkLabel(name, frame.at(name), used)
        return [name, ...timed(frame, name, condition)] as const
      })
    },
  }
}

/** Largest number of arithmetic operations for finding the named minima of one landscape: about a second. */
const operations = 1e8

/**
 * Makes the named minima accurate enough to compare the end points of descents with them. The minima of presets are
 * already exact.
 */
function sharpMinima({ library }: Scope, { landscape, tables, minima }: ResolvedLandscape, tolerance: number) {
  const { all, places } = minima
  const slopes = places.size === 0 ? null : library.minimumChecks.slopesOf(landscape, tables)
  if (slopes === null) return all
  const limits = { tolerance, operations: operations / places.size }
  return all.map((named): Minimum => {
    const [name, point] = named
    return places.has(name) ? [name, sharpenMinimum(slopes, point, limits)] : named
  })
}

/**
 * `resolveTrial` adds `settledRadius` to `scope.reads` if this setting has an effect in the trial. Otherwise it adds
 * `withoutRadius`.
 */
export const settledRadius = 'trial.settledRadius'
export const withoutRadius = 'trial without settledRadius'

/**
 * Returns false if no trial settles in a named minimum, or if the quench, a small gradient or the ball of a named
 * minimum determines where a trial settles.
 */
function settlesByRadius({ minima, converge, quench }: Trial): boolean {
  if (minima.length === 0 || quench !== null || converge === null) return false
  return converge.kind === 'when' || (converge.kind === 'within' && converge.of.some(([name]) => name === ''))
}
