import type { Outcome, RecordLayout, Tally } from '@driftfarm/kernel'
import { eventNamed, noSuchEstimate } from './name.ts'
import { occurrences } from './occurrence.ts'

/**
 * For an estimate of the probability of an event, returns the number of trials with this event. Throws if an earlier
 * version stored the tally without this count.
 */
export function countOf(estimate: string, tally: Tally, layout: RecordLayout): number {
  const { kind, name, horizon } = eventNamed(estimate)
  const { count, countBy } = occurrences[kind]
  const by = horizon === null ? undefined : tally.horizons.find((each) => each.horizon === horizon)
  const found = horizon === null ? count(tally, layout, name) : by && countBy?.(by, { tally, layout, name })
  if (found === undefined) throw noSuchEstimate(estimate)
  return found
}

/** Whether a trial had the event that `countOf` counts. */
export function eventAt(estimate: string, outcome: Outcome): boolean {
  const { kind, name, horizon } = eventNamed(estimate)
  const by = (step: number | null | undefined) => typeof step === 'number' && (horizon === null || step <= horizon)
  return occurrences[kind].had(outcome, by, name)
}
