import type { OpenCell } from '@driftfarm/database'
import { defaults } from './defaults.ts'

export interface Sizing {
  /** Threads of the farm. */
  readonly threads: number
  /** Trials of the sweep that may be handed out now. */
  readonly remaining: number
  /** Trials a batch whatever they cost; for tests. */
  readonly batch: number | null
}

type Cost = Pick<OpenCell, 'secondsPerTrial' | 'steps' | 'dimension' | 'summands'>

/**
 * Seconds of a thread a trial: as measured, else a guess on the high side (a step of the double well takes 5 to 10 ns).
 */
export function secondsPerTrial({ secondsPerTrial, steps, dimension, summands }: Cost): number {
  return secondsPerTrial ?? steps * (100e-9 + 50e-9 * dimension * summands)
}

/**
 * Trials of the next batch of a cell, at least one. Enough for one to two seconds; less where the rest would not keep
 * all threads busy, and for the first batch of a cell, whose cost is only guessed.
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
