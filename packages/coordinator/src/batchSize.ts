import type { OpenCell } from '@driftfarm/database'
import { defaults } from './defaults.ts'
import type { Speed } from './speed.ts'

export interface Sizing {
  readonly threads: number
  /** Expected thread time, in seconds, of all trials of the sweep that may be dispatched now. */
  readonly remainingSeconds: number
  /** Factor, at least 1, by which bundles and batches are longer than on a farm with few threads. */
  readonly growth: number
  /** A fixed number of trials in each batch, for tests; null to choose the number by the cost of a trial. */
  readonly batch: number | null
  readonly speed: Speed
}

type Sized = Pick<OpenCell, 'secondsPerTrial' | 'cost' | 'marks' | 'demands'>

export const rowBytes = ({ marks }: Pick<OpenCell, 'marks'>): number => 48 + 8 * marks

export const recordsNothing = ({ demands }: Pick<OpenCell, 'demands'>): boolean =>
  demands.every(({ record, contrasts }) => record.kind === 'none' && contrasts.length === 0)

/** Largest number of trials in a batch, however cheap the trials are. */
export const maxTrials = (cell: Pick<OpenCell, 'marks' | 'demands'>): number =>
  recordsNothing(cell)
    ? defaults.rowlessTrials
    : Math.min(defaults.batchTrials, Math.floor(defaults.batchBytes / rowBytes(cell)))

/**
 * A batch should take one to two seconds, and more on a farm with many threads. The batch is smaller if the remaining
 * trials would not keep all threads busy, or if the cost is only a guess.
 */
export function batchTrials(cell: Sized, { threads, remainingSeconds, growth, batch, speed }: Sizing): number {
  if (batch !== null) return batch
  const cost = speed.trialSeconds(cell)
  const aim = speed.isMeasured(cell) ? defaults.batchSeconds * growth : defaults.firstBatchSeconds
  const most = maxTrials(cell)
  const share = Math.max(remainingSeconds / Math.max(1, threads), defaults.minBatchSeconds)
  return Math.max(1, Math.min(most, Math.ceil(share / cost), Math.floor(aim / cost)))
}
