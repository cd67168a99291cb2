import { elementary } from '@driftfarm/formula'
import { binStart, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { IntervalGuard } from '../stopping/guard.ts'
import type { Estimate } from './estimate.ts'
import { isFixed } from './exact.ts'
import { described, limits } from './probability.ts'

const { log } = elementary

/** F(n), the probability of a first escape at step n or before. */
export interface EscapeCurve extends Pick<Estimate, 'confidence' | 'method' | 'simultaneous'> {
  /** Method of the band: dkw or dkw-union. */
  readonly band: string
  readonly points: readonly CurvePoint[]
}

export interface CurvePoint {
  readonly step: number
  /** Trials that had escaped by this step. */
  readonly escaped: number
  readonly value: number
  /** Limits that are valid at this step only. */
  readonly low: number
  readonly high: number
  /** Limits that are valid at all steps together. */
  readonly bandLow: number
  readonly bandHigh: number
}

/**
 * The share of all trials that have escaped, step by step. Trials with other outcomes stay in the denominator. Since
 * all trials have the same horizon, nothing is censored, and the curve is the cumulative incidence (Aalen and Johansen,
 * 1978). The points are the ends of the histogram's bins and the horizon. A run of consecutive bins without escapes has
 * only one point, at its end.
 *
 * The band is that of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (1990). If the number of trials depended
 * on the data, the band is the union bound over all numbers n of trials, each at alpha / (n (n + 1)).
 *
 * `more` is the number of trials whose escape is unknown. The upper limits at all steps count these trials as escaped.
 */
export function escapeCurve(
  tally: Tally,
  layout: RecordLayout,
  guard: IntervalGuard,
  { more = 0 }: { readonly more?: number } = {},
): EscapeCurve {
  const { trials } = tally
  const exact = pointwise(guard)
  const half = bandHalfWidth(trials, guard)
  const pointAt = (step: number, escaped: number): CurvePoint => {
    const value = escaped / trials
    const { low, high: known } = limits('', escaped, trials, exact)
    const most = Math.min(trials, escaped + more)
    const high = more === 0 ? known : limits('', most, trials, exact).high
    const bandHigh = Math.min(most / trials + half, 1)
    return { step, escaped, value, low, high, bandLow: Math.max(value - half, 0), bandHigh }
  }
  const points = [...stepped(tally.escapeHistogram, layout.horizon)].map(([step, escaped]) => pointAt(step, escaped))
  const { confidence, simultaneous } = guard
  return {
    confidence,
    method: limits('', 0, trials, exact).method,
    ...(simultaneous === null ? {} : { simultaneous }),
    band: described(isFixed(guard) ? 'dkw' : 'dkw-union', guard).method,
    points,
  }
}

/** The limits at each step are exact, even if the spec requests another kind of interval. */
export const pointwise = (guard: IntervalGuard): IntervalGuard =>
  guard.kind === 'fixed' ? { ...guard, interval: 'clopper-pearson' } : guard

/** Yields the cumulative count at the end of each filled bin and of each run of empty bins, and at the horizon. */
export function* stepped(
  histogram: Tally['escapeHistogram'],
  horizon: number,
): Generator<readonly [step: number, count: number]> {
  let last = 0
  let sum = 0
  for (const [bin, count] of histogram) {
    const before = binStart(bin) - 1
    if (before > last) yield [before, sum]
    sum += count
    last = Math.min(binStart(bin + 1) - 1, horizon)
    yield [last, sum]
  }
  if (last !== horizon) yield [horizon, sum]
}

function bandHalfWidth(trials: number, guard: IntervalGuard): number {
  const alpha = guard.alpha / guard.divisor
  const looks = isFixed(guard) ? 0 : log(trials) + log(trials + 1)
  return Math.sqrt((log(2 / alpha) + looks) / (2 * trials))
}
