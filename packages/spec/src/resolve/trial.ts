import type { Descent, Trial } from '../cell.ts'
import { settleTolerance } from '../identity.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import { sharpenMinimum } from '../stationary/sharpen.ts'
import { conditionReader } from './condition.ts'
import { resolveConverge } from './converge.ts'
import { resolveDescent } from './descent.ts'
import { resolveEscape } from './escape.ts'
import type { Frame } from './frame.ts'
import { checkWithinHorizon } from './horizon.ts'
import type { Minimum } from './minima.ts'
import { checkCount, checkLabel } from './names.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import type { Scope } from './scope.ts'
import { quenchQuantity } from './vocabulary.ts'

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
