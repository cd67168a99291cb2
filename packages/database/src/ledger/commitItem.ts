import type { RecordRule } from '@driftfarm/spec'
import type { BatchModel, BundleModel, Columns, PendingModel } from '../rows.ts'
import type { Cut, LeasedResult } from './workLedger.ts'

/** The row of a batch that is not finished or must be recomputed. */
export interface PendingRow
  extends Columns<PendingModel, 'count' | 'again' | 'generation' | 'attempts' | 'failures' | 'vanished' | 'cut'> {
  readonly tid: string
  readonly cut: Cut | null
}

export type FinishedRow = Columns<
  BatchModel,
  'count' | 'digest' | 'record' | 'bits' | 'cut',
  { record: RecordRule; cut: Cut | null }
>

export interface CommitItem extends LeasedResult {
  readonly digest: bigint
  open: PendingRow | null
  done: FinishedRow | null
}

export type LeasedBundleRow = Columns<BundleModel, 'leases' | 'queuedAt' | 'startedAt'>
