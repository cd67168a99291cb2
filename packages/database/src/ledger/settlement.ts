import type { BatchState, Demand, DemandState, RecordRule } from '@driftfarm/spec'
import type { Estimate, TallyJson } from '@driftfarm/statistics'
import type { EstimateContext } from './layouts.ts'
import type { Columns, RowOf } from './rows.ts'
import type { Cut } from './workLedger.ts'

/** The trials of a cell whose results have been merged for a request. They begin at trial 0 and have no gaps. */
export type MergedPrefix = Columns<
  'Request',
  'trials' | 'tally' | 'digest' | 'cpuSeconds' | 'estimates' | 'stopped',
  {
    tally: TallyJson | null
    estimates: Readonly<Record<string, Estimate>> | null
    stopped: Readonly<Record<string, unknown>> | null
  }
>

/** The part of a request that changes when the request is settled. */
export type Progress = MergedPrefix & Columns<'Request', 'target' | 'batches'>

/** The request of a sweep for a cell, with the prefix that has been merged so far. */
export interface OpenDemand extends Progress, Omit<EstimateContext, 'method' | 'commonSeed'> {
  readonly sweep: RowOf<'Sweep'>['id']
  readonly index: RowOf<'Request'>['index']
  readonly cell: RowOf<'Cell'>['id']
  readonly demand: Demand
  readonly cells: RowOf<'Sweep'>['cells']
  /** Whether the number of trials or the stopping rule was chosen when results of the cell could already be read. */
  readonly extended: RowOf<'Request'>['extended']
  /** Estimates for which the contrasts of the sweep need one event bit per trial. */
  readonly bits: readonly string[]
  /** The batches of the cell, finished or not, cover the trials 0 to next - 1. */
  readonly next: number
  /** The premises of the cell as JSON; null if none are stored. */
  readonly premises: string | null
  /** Number of batches that begin before trial `target` and were neither computed nor given up. */
  readonly missing: number
}

/** A batch of the cell that begins at or after the end of the merged prefix. Lists of such batches are in order. */
export interface LedgerBatch extends Columns<'Batch', 'first' | 'count'> {
  /**
   * `ready`: the batch is being recomputed. `failed`: it was given up. Batches that wait for their first computation
   * are not included.
   */
  readonly state: Exclude<BatchState, 'leased'>
  /** While the batch is recomputed, the digest of its old result; null if the batch was never computed. */
  readonly digest: string | null
  readonly tally: TallyJson | null
  readonly record: RecordRule | null
  readonly cpuSeconds: number | null
  /** Estimates for which the batch stores event bits: for each trial, whether it had the event. */
  readonly bits: readonly string[]
  /** `exact`: the batch was cut, and now ends with the trial in which `event` occurs for the nth time. */
  readonly cut: (Cut & { readonly exact?: boolean }) | null
}

/** The new state of a request. */
export interface Settlement extends Progress {
  readonly state: DemandState
  /** Batches to recompute: to cut them in two, to record more of their trials, or to store more event bits. */
  readonly again: readonly { readonly first: number; readonly count: number; readonly cut: Cut | null }[]
}

export interface Settled {
  readonly demand: OpenDemand
  readonly settlement: Settlement
}
