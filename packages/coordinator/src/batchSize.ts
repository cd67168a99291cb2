import type { OpenCell } from '@driftfarm/database'
import { defaults } from './defaults.ts'

export interface Sizing {
  /** Number of threads in the farm. */
  readonly threads: number
  /** Trials of the sweep that may be handed out now. */
  readonly remaining: number
  /** A fixed number of trials in each batch, for tests; null to choose it by cost. */
  readonly batch: number | null
}

type Cost = Pick<OpenCell, 'secondsPerTrial' | 'steps' | 'dimension' | 'summands'>

/**
 * Seconds that a thread needs for a trial: as measured, or else a pessimistic guess (a step of the double well takes 5
 * to 10 ns).
 */
export function secondsPerTrial({ secondsPerTrial, steps, dimension, summands }: Cost): number {
  return secondsPerTrial ?? steps * (100e-9 + 50e-9 * dimension * summands)
}

/**
 * Number of trials of the next batch of a cell, at least one. A batch should take one to two seconds. It is smaller
 * where the remaining trials would not keep all threads busy, and for the first batch of a cell, whose cost is only
 * guessed.
 */
export function batchTrials(
  cell: Cost & Pick<OpenCell, 'marks' | 'demands'>,
  { threads, remaining, batch }: Sizing,
): number {
  if (batch !== null) return batch
  const cost = secondsPerTrial(cell)
  const aim = cell.secondsPerTrial === null ? defaults.firstBatchSeconds : defaults.batchSeconds
  const rowless = cell.demands.every(({ record, contrasts }) => record.kind === 'none' && contrasts.length === 0)
  const most = rowless
    ? defaults.rowlessTrials
    : Math.min(defaults.batchTrials, Math.floor(defaults.batchBytes / (48 + 8 * cell.marks)))
  const share = Math.max(Math.ceil(remaining / Math.max(1, threads)), Math.ceil(defaults.leastBatchSeconds / cost))
  return Math.max(1, Math.min(most, share, Math.floor(aim / cost)))
}
