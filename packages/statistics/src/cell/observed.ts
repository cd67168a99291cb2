import { type ObservedTally, observedBinLimits, type Tally } from '@driftfarm/kernel'
import type { Demand, Observation } from '@driftfarm/spec'
import * as z from 'zod'
import { observedMean } from '../estimate/observe.ts'
import { estimateShape } from '../evidence/estimate.ts'
import type { IntervalGuard } from '../interval/guard.ts'
import { count, type Plain } from '../shape.ts'

export const observedValueShape = z.strictObject({
  observation: z.string(),
  time: z.string().describe('start, escape, converge, mark:NAME or horizon; the step, for a point of a series.'),
  notFinite: count.describe('Trials whose value is NaN or infinite. The mean leaves them out.'),
  mean: estimateShape
    .nullable()
    .describe('`events` is the number of trials with a finite value; null if there are none.'),
  histogram: z
    .array(z.tuple([z.number(), z.number(), count]))
    .describe('Numbers of trials by value: from, to, trials. At most 40 intervals, without empty ones.'),
})
export type ObservedValue = Plain<z.infer<typeof observedValueShape>>

/** What the trials of a tally observed: first the values at the times of an observation, then its series. */
export function observedValues(
  { observed = {} }: Tally,
  guard: IntervalGuard,
  observe: Demand['observe'] = [],
): readonly ObservedValue[] {
  const at = (observation: Observation, time: string, step: (point: number) => string) =>
    (observed[`${observation.value}@${time}`] ?? []).map(
      (tally, point): ObservedValue => ({
        observation: observation.name,
        time: step(point),
        notFinite: tally.notFinite,
        mean: observedMean(tally, guard),
        histogram: intervals(tally.histogram),
      }),
    )
  return observe.flatMap((each) => [
    ...each.at.flatMap((time) => at(each, time, () => time)),
    ...(each.every === undefined ? [] : at(each, `every:${each.every}`, (point) => String(point * each.every!))),
  ])
}

const maxIntervals = 40

/** Joins neighbouring bins if there are too many. */
function intervals(histogram: ObservedTally['histogram']): readonly (readonly [number, number, number])[] {
  const size = Math.ceil(histogram.length / maxIntervals)
  return Array.from({ length: Math.ceil(histogram.length / Math.max(size, 1)) }, (_, i) => {
    const bins = histogram.slice(i * size, (i + 1) * size)
    const trials = bins.reduce((sum, [, count]) => sum + count, 0)
    return [observedBinLimits(bins[0]![0])[0], observedBinLimits(bins.at(-1)![0])[1], trials] as const
  })
}
