import { namedExits, type Outcome, type RecordLayout, stepBin, type Tally } from '@driftfarm/kernel'
import type { IntervalGuard } from '../stopping/guard.ts'
import { countOf } from './count.ts'
import { pointwise, stepped } from './escapeCurve.ts'
import { limits } from './probability.ts'

/** The cumulative incidence of one of several competing outcomes, as a fraction of all trials. */
export interface EndCurve {
  /** exit:NAME, converge or diverge. */
  readonly end: string
  /** Whether the counts are known at every step. If not, the points are the horizons of the tally and the last step. */
  readonly isWhole: boolean
  readonly points: readonly EndPoint[]
}

export interface EndPoint {
  readonly step: number
  /** Trials with this outcome by this step. */
  readonly events: number
  readonly value: number
  /** Limits that are valid at this step only. */
  readonly low: number
  readonly high: number
}

export type EndSteps = readonly (readonly [bin: number, count: number])[]

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
