import { defaults } from './defaults.ts'

/** How many bundles may be out: some for each thread, however large the sweep. */
export function windowSize(threads: number): number {
  return Math.max(
    defaults.leastWindow,
    Math.min(defaults.bundlesOut * threads, Math.ceil(threads) + defaults.bundlesAhead),
  )
}

/**
 * By how much bundles and batches are longer than on a farm of few threads, at least 1: so that all threads together
 * commit no more than `bundlesPerSecond`.
 */
export function growth(threads: number, bundlesPerSecond: number = defaults.bundlesPerSecond): number {
  return Math.max(1, (threads * defaults.bundleSeconds) / bundlesPerSecond)
}

export interface Claimant {
  readonly id: string
  /** An integer in -10 .. 10; each step multiplies the share by 1.5. */
  readonly priority: number
  /** Number of its bundles that are out. */
  readonly out: number
}

/**
 * Divides the window among sweeps by priority. Bundles that a sweep has out count against its share. The share of every
 * sweep is at least one bundle.
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
