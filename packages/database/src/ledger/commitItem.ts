import type { RecordRule } from '@driftfarm/spec'
import type { BatchModel, BundleModel, Columns, PendingModel } from '../rows.ts'
import type { Cut, LeasedResult } from './workLedger.ts'

/** The row of a batch that is not done, or is to be computed again. It is locked. */
export interface Open
  extends Columns<PendingModel, 'count' | 'again' | 'generation' | 'attempts' | 'failures' | 'vanished' | 'cut'> {
  readonly tid: string
  readonly cut: Cut | null
}

/** What is stored of a batch that is done. */
export type Done = Columns<
  BatchModel,
  'count' | 'digest' | 'record' | 'bits' | 'cut',
  { record: RecordRule; cut: Cut | null }
>

/** A result with its digest and what was found of its batch. */
export interface Item extends LeasedResult {
  readonly digest: bigint
  open: Open | null
  done: Done | null
}

export type Held = Columns<BundleModel, 'leases' | 'fedAt' | 'startedAt'>
