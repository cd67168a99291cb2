import type { Lease } from '@driftfarm/database'
import { settings } from './settings.ts'

const secondsOf = ({ secondsPerTrial, cost, count }: Lease): number =>
  (secondsPerTrial ?? cost ?? Number.POSITIVE_INFINITY) * count

/** Batches without a measured cost count as 0 s, because a guessed cost is no reason to return a batch. */
export const measuredSeconds = (leases: readonly Lease[]): number =>
  leases.reduce((sum, { secondsPerTrial, count }) => sum + (secondsPerTrial ?? 0) * count, 0)

/**
 * The batches that a thread computes next, taken from the front of `leases`. All use the same data set. Together they
 * are expected to take at most a quarter of a second, unless the first batch alone takes longer. If the thread dies,
 * only this slice is lost.
 */
export function nextSlice(leases: readonly Lease[]): readonly Lease[] {
  const [first] = leases
  let seconds = 0
  let length = 0
  for (const lease of leases) {
    if (length > 0 && (lease.data !== first!.data || length >= settings.sliceBatches)) break
    seconds += secondsOf(lease)
    if (length > 0 && seconds > settings.sliceSeconds) break
    length++
  }
  return leases.slice(0, length)
}
