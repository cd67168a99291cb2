import type { Cut } from '@driftfarm/database'
import { decodeOutcome, type RecordLayout } from '@driftfarm/kernel'
import { eventAt } from '@driftfarm/statistics'

/** Returns the number of trials before the cut of a batch; `count` if the cut is at the end of the batch. */
export function headTrials(
  cut: Cut,
  first: number,
  count: number,
  records: () => Uint8Array,
  layout: RecordLayout,
): number {
  if ('at' in cut) {
    const head = cut.at - first
    if (!Number.isSafeInteger(head) || head < 1 || head > count)
      throw new RangeError(`a cut at trial ${cut.at} is outside the batch of ${count} trials from trial ${first}`)
    return head
  }
  const kept = records()
  let events = 0
  for (let index = 0; index < count; index++) {
    if (eventAt(cut.event, decodeOutcome(kept, layout, index)) && ++events === cut.nth) return index + 1
  }
  throw new RangeError(
    `cannot cut the batch after event ${cut.nth}: of ${count} trials from trial ${first}, ` +
      `only ${events} had the event ${cut.event}`,
  )
}
