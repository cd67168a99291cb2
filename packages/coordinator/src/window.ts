import { defaults } from './defaults.ts'

/**
 * How many batches may be out: some for each thread, and more where they are short. Bounded, however large the sweep.
 */
export function windowSize(threads: number, batchesPerSecond: number): number {
  const wanted = Math.max(
    defaults.leastWindow,
    defaults.batchesPerThread * threads,
    Math.ceil(defaults.windowSeconds * batchesPerSecond),
  )
  return Math.min(wanted, defaults.mostWindow)
}

export interface Claimant {
  readonly id: string
  /** -10 .. 10: each step is a factor of 1.5. */
  readonly priority: number
  /** Batches of it that are out. */
  readonly out: number
}

/**
 * Shares the window among sweeps by priority; what one has out counts against its share. Every sweep may have at least
 * one.
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
