import { elementary } from '@driftfarm/formula'
import { binStart, namedExits, type Outcome, type RecordLayout, stepBin, type Tally } from '@driftfarm/kernel'
import * as z from 'zod'
import { described, limits } from '../evidence/probability.ts'
import { alphaIn, type IntervalGuard, isFixed } from '../interval/guard.ts'
import { count, type Plain, share } from '../shape.ts'
import { countOf } from './events.ts'

const { log } = elementary

export const curvePointShape = z.strictObject({
  step: count,
  escaped: count.describe('Trials that had escaped at this step or before.'),
  value: share.describe('escaped / trials.'),
  low: share.describe('Limits that are valid at this step only.'),
  high: share,
  bandLow: share.describe('Limits that are valid at all steps together.'),
  bandHigh: share,
})
type CurvePoint = Plain<z.infer<typeof curvePointShape>>

/**
 * F(n), the probability of a first escape at step n or before.
 *
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
export function escapeCurve(tally: Tally, layout: RecordLayout, guard: IntervalGuard, more = 0) {
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
    /** Method of the band: dkw or dkw-union. */
    band: described(isFixed(guard) ? 'dkw' : 'dkw-union', guard).method,
    points,
  }
}

/** The limits at each step are exact, even if the spec requests another kind of interval. */
const pointwise = (guard: IntervalGuard): IntervalGuard =>
  guard.kind === 'fixed' ? { ...guard, interval: 'clopper-pearson' } : guard

/** Yields the cumulative count at the end of each filled bin and of each run of empty bins, and at the horizon. */
function* stepped(
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
  const looks = isFixed(guard) ? 0 : log(trials) + log(trials + 1)
  return Math.sqrt((log(2 / alphaIn(guard)) + looks) / (2 * trials))
}

const endPointShape = z.strictObject({
  step: count,
  events: count.describe('Trials with this outcome at this step or before.'),
  value: share.describe('events / trials.'),
  low: share.describe('Limits that are valid at this step only, computed by the `method` of the curve.'),
  high: share,
})
type EndPoint = Plain<z.infer<typeof endPointShape>>

/** The cumulative incidence of one of several competing outcomes, as a fraction of all trials. */
export const endCurveShape = z.strictObject({
  end: z.string().describe('exit:NAME, converge or diverge.'),
  isWhole: z
    .boolean()
    .describe(
      'Whether the counts are known at every step. If not, the points are the horizons of the spec and the last step.',
    ),
  points: z.array(endPointShape),
})
export type EndCurve = Plain<z.infer<typeof endCurveShape>>

type EndSteps = readonly (readonly [bin: number, count: number])[]

/**
 * Returns the curves of the outcomes that compete in a cell: its named exits, convergence if the cell has this event,
 * and divergence if any trial diverged. Returns an empty list if no outcomes compete. A tally counts exits and
 * divergence only at its horizons. `kept` has the steps of these outcomes, taken from the recorded rows; null if no
 * rows are recorded.
 */
export function endCurves(
  tally: Tally,
  layout: RecordLayout,
  guard: IntervalGuard,
  { converges, kept }: { readonly converges: boolean; readonly kept: ReadonlyMap<string, EndSteps> | null },
): readonly EndCurve[] {
  const exits = namedExits(layout).map((name) => `exit:${name}`)
  if (exits.length === 0 && !converges) return []
  const ends = [...exits, ...(converges ? ['converge'] : [])]
  if (countOf('diverge', tally, layout) > 0) ends.push('diverge')
  const { trials } = tally
  const exact = pointwise(guard)
  const pointAt = (step: number, events: number): EndPoint => {
    const { low, high } = limits('', events, trials, exact)
    return { step, events, value: events / trials, low, high }
  }
  return ends.map((end): EndCurve => {
    const all = countOf(end, tally, layout)
    const steps = end === 'converge' ? tally.convergeHistogram : kept?.get(end)
    // If only a sample of the rows or only rows with events are recorded, some steps may be missing.
    const isWhole = steps !== undefined && steps.reduce((sum, [, count]) => sum + count, 0) === all
    if (isWhole) return { end, isWhole, points: [...stepped(steps, layout.horizon)].map(([at, k]) => pointAt(at, k)) }
    const early = tally.horizons.map(({ horizon }) => pointAt(horizon, countOf(`${end}@${horizon}`, tally, layout)))
    return { end, isWhole, points: [...early, pointAt(layout.horizon, all)] }
  })
}

/** Whether the cell has named exits. Recorded rows contain the steps of these exits, but the tally does not. */
export const rowsDistinguishExits = (layout: RecordLayout): boolean => namedExits(layout).length > 0

/** Collects the steps of exits and of divergence. */
export class EndStepsOf {
  readonly #counts = new Map<string, Map<number, number>>()

  constructor(layout: RecordLayout) {
    for (const name of namedExits(layout)) this.#counts.set(`exit:${name}`, new Map())
    this.#counts.set('diverge', new Map())
  }

  observe({ exit, escapedAt, end, steps }: Outcome): void {
    if (escapedAt !== null) this.#add(`exit:${exit}`, escapedAt)
    if (end === 'diverged') this.#add('diverge', steps)
  }

  histograms(): ReadonlyMap<string, EndSteps> {
    return new Map([...this.#counts].map(([end, counts]) => [end, [...counts].sort(([a], [b]) => a - b)]))
  }

  #add(end: string, step: number): void {
    const counts = this.#counts.get(end)
    const bin = stepBin(step)
    counts?.set(bin, (counts.get(bin) ?? 0) + 1)
  }
}
