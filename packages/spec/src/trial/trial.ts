import * as z from 'zod'
import type { Descent, Trial } from '../cell.ts'
import { keys, label, named, quantity, text, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { checkCount, checkLabel, quenchQuantity } from '../field/vocabulary.ts'
import { settleTolerance } from '../identity.ts'
import { pointSchema } from '../landscape/fields.ts'
import type { Minimum, ResolvedLandscape } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { sharpenMinimum } from '../stationary/minimum.ts'
import { descentShape, resolveDescent } from './descent.ts'
import { conditionReader, resolveConverge, resolveEscape } from './events.ts'
import { checkWithinHorizon } from './horizon.ts'

const condition = text('a condition such as "x >= 0"')
const place = z.union([z.string(), pointSchema], { error: 'the name of a minimum, or a point' })

const outside = keys({
  radius: quantity(ranges.positive, 'The trial escapes at this distance from the centre.'),
  of: place.meta({ description: 'The centre: a named minimum, or a point.' }),
}).meta({
  description: '|theta - of| >= radius',
})

const escapeSchema = z
  .union(
    [
      condition,
      named(
        label,
        z.union([condition, outside, z.boolean(), z.number()], { error: 'a condition such as "x >= 0"' }),
        'a mapping of names to conditions',
      ),
    ],
    { error: 'a condition, named conditions, {outside: {radius, of}} or {basin: true, every}' },
  )
  .meta({
    description:
      'The escape: a condition, named exits, {outside: {radius, of}}, or {basin: true, every}. If several exits hold ' +
      'at one step, the first one counts. basin: at each step n that is a multiple of `every`, noise-free descents ' +
      'start from theta_n and from theta_0. The trial escapes if they end in different basins. The mapping may also ' +
      'contain `gradient`, `eta` and `steps`, which control these descents.',
  })

const convergeSchema = keys({
  within: quantity(
    ranges.positive,
    'Converged when theta is within this distance of the centre, which the key `of` gives.',
  ).optional(),
  of: place
    .meta({ description: 'The centre: a minimum, a point, or `any` for all named minima. Default any.' })
    .optional(),
  gradient: quantity(
    ranges.nonNegative,
    'Converged when the Euclidean norm of the gradient is at most this.',
  ).optional(),
  when: condition
    .meta({
      description:
        'Converged when this condition holds. It may use the coordinates, loss, gradnorm, distance and step.',
    })
    .optional(),
  hold: quantity(
    ranges.hold,
    'The condition must hold at this number of consecutive steps. The last of these steps is the time of ' +
      'convergence. Default 1.',
  ).optional(),
}).meta({ description: 'When a trial has converged: exactly one of within, gradient, when.' })

export const trialSchema = keys({
  steps: quantity(ranges.steps, 'The horizon N: the largest number of steps of a trial.'),
  escape: escapeSchema.optional(),
  converge: convergeSchema.optional(),
  afterEscape: words('stop', 'continue')
    .meta({ description: 'Whether a trial stops after its escape. Default stop.' })
    .optional(),
  afterConverge: words('stop', 'continue')
    .meta({ description: 'Whether a trial stops after it has converged. Default stop.' })
    .optional(),
  divergence: quantity(
    ranges.positive,
    'A trial ends as diverged when |theta_i| exceeds this. Default 1e6.',
  ).optional(),
  marks: named(label, condition, 'a mapping of names to conditions')
    .meta({
      description:
        'Named conditions. The first step at which each condition holds is recorded. Marks never end a trial.',
    })
    .optional(),
  classify: named(label, condition, 'a mapping of names to conditions')
    .meta({
      description:
        'Classes of the end state. The first condition that holds names the class. If none holds, the class is ' +
        '"other".',
    })
    .optional(),
  settledRadius: quantity(
    ranges.positive,
    'A converged trial settles in the first named minimum that is within this distance of its last theta. ' +
      'Default 1e-3.',
  ).optional(),
  warmup: quantity(
    ranges.stepIndex,
    'Number of warm-up steps before time zero. Events are not tested during the warm-up. `distance` is measured ' +
      'from the point where the warm-up ends, and `basin` is the basin of that point. Default 0.',
  ).optional(),
  quench: z
    .union([z.boolean(), keys(descentShape)], { error: 'true, false or {gradient, eta, steps}' })
    .meta({
      description:
        'Runs noise-free descent from the last theta to find the minimum in which the trial settled. Default false.',
    })
    .optional(),
}).meta({ description: 'The horizon and the events of a trial. Events are tested on theta_n after each step.' })

export function resolveTrial(scope: Scope, resolved: ResolvedLandscape): Trial {
  const frame = scope.root.inner('trial')
  const condition = conditionReader(scope, resolved)
  const quench = () => resolveQuench(scope, frame)
  const classified = () => conditionReader(scope, resolved, { besides: quench() === null ? [] : [quenchQuantity] })
  const trial = collectParts<Trial>({
    warmup: () => scope.number(frame, 'warmup', ranges.stepIndex, 0),
    steps: () => scope.number(frame, 'steps', ranges.steps),
    divergence: () => scope.number(frame, 'divergence', ranges.positive, defaultDivergence),
    escape: () => resolveEscape(scope, frame, resolved, condition),
    converge: () => resolveConverge(scope, frame, resolved, condition),
    afterEscape: () => (frame.get('afterEscape') as Trial['afterEscape'] | undefined) ?? 'stop',
    afterConverge: () => (frame.get('afterConverge') as Trial['afterConverge'] | undefined) ?? 'stop',
    marks: () => conditions(frame.inner('marks'), condition, { used: [], limit: limits.marks, what: 'marks' }),
    classify: () =>
      conditions(frame.inner('classify'), classified(), {
        used: ['other'],
        limit: limits.classes,
        what: 'classes',
      }),
    minima: () => resolved.minima.all,
    quench,
    settledRadius: () => scope.number(frame, 'settledRadius', ranges.positive, defaultRadius),
  })
  checkWithinHorizon(trial)
  scope.reads.add(settlesByRadius(trial) ? settledRadius : withoutRadius)
  const tolerance = settleTolerance(trial)
  return tolerance === null ? trial : { ...trial, minima: sharpMinima(scope, resolved, tolerance) }
}

/** Largest number of arithmetic operations for finding the named minima of one landscape: about a second. */
const operations = 1e8

/**
 * Makes the named minima accurate enough to compare the end points of descents with them. The minima of presets are
 * already exact.
 */
function sharpMinima({ library }: Scope, { landscape, data, minima }: ResolvedLandscape, tolerance: number) {
  const { all, places } = minima
  const slopes = places.size === 0 ? null : library.minimumChecks.slopesOf(landscape, data)
  if (slopes === null) return all
  const limits = { tolerance, operations: operations / places.size }
  return all.map((named): Minimum => {
    const [name, point] = named
    return places.has(name) ? [name, sharpenMinimum(slopes, point, limits)] : named
  })
}

/** Default of `divergence`: a trial has diverged once some |theta_i| exceeds this value. */
const defaultDivergence = 1e6

/** A spec that states this default is accepted even if the radius has no effect. */
export const defaultRadius = 1e-3

/** A trial of one step without events, for computations that concern only a landscape. */
export const minimalTrial: Trial = {
  warmup: 0,
  steps: 1,
  divergence: defaultDivergence,
  escape: null,
  converge: null,
  afterEscape: 'stop',
  afterConverge: 'stop',
  marks: [],
  classify: [],
  minima: [],
  quench: null,
  settledRadius: defaultRadius,
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

function resolveQuench(scope: Scope, frame: Frame): Descent | null {
  const written = frame.get('quench')
  return written === undefined || written === false ? null : resolveDescent(scope, frame.inner('quench'))
}

function conditions(
  frame: Frame,
  condition: (frame: Frame, key: string) => string,
  { used, limit, what }: { readonly used: readonly string[]; readonly limit: number; readonly what: string },
): (readonly [string, string])[] {
  const names = Object.keys(frame.object)
  checkCount(names.length, limit, what, frame.path())
  return collectEach(names, (name) => {
    checkLabel(name, frame.at(name), used)
    return [name, condition(frame, name)] as const
  })
}
