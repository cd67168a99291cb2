import type { LiveSweep } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/**
 * Number of bundles that may be dispatched at the same time. It depends on the number of threads, not on the size of a
 * sweep.
 */
export function windowSize(threads: number): number {
  return Math.max(
    defaults.minWindow,
    Math.min(defaults.bundlesOut * threads, Math.ceil(threads) + defaults.bundlesAhead),
  )
}

/**
 * Factor, at least 1, by which bundles and batches take longer than on a farm with few threads. The factor grows with
 * the number of threads, so that all threads together commit at most `bundlesPerSecond` bundles per second.
 */
export function growth(threads: number, bundlesPerSecond: number = defaults.bundlesPerSecond): number {
  return Math.max(1, threads / (defaults.bundleSeconds * bundlesPerSecond))
}

type Claimant = Pick<LiveSweep, 'id' | 'priority' | 'out'>

/**
 * Divides the window among sweeps. The share of a sweep is proportional to 1.5^priority, where the priority is an
 * integer in -10 .. 10. Every share is at least one bundle. Returns the number of bundles that
 * each sweep may still dispatch: its share minus its dispatched bundles, at least 0.
 */
export function shareWindow(window: number, claimants: readonly Claimant[]): ReadonlyMap<string, number> {
  const weight = ({ priority }: Claimant) => 1.5 ** priority
  const total = claimants.reduce((sum, claimant) => sum + weight(claimant), 0)
  return new Map(
    claimants.map((claimant) => {
      const share = Math.max(1, Math.floor((window * weight(claimant)) / total))
      return [claimant.id, Math.max(0, share - claimant.out)]
    }),
  )
}
