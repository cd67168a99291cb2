import type { Lease } from '@driftfarm/database'
import { settings } from './settings.ts'

const secondsOf = ({ secondsPerTrial, cost, count }: Lease): number => (secondsPerTrial ?? cost) * count

/**
 * The time in s that these batches are expected to take. The worker returns batches for which too little time is left.
 * A guess is no reason to return a batch, so a batch without a measured time counts as 0 s.
 */
export const measuredSeconds = (leases: readonly Lease[]): number =>
  leases.reduce((sum, { secondsPerTrial, count }) => sum + (secondsPerTrial ?? 0) * count, 0)

/**
 * The batches that a thread computes next, taken from the front of `leases`: at most `sliceBatches`, all with the same
 * data set. Together they are expected to take at most `sliceSeconds`, unless the first batch alone takes longer. If
 * the thread dies, only this slice is lost.
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
