import { summandsOf } from '@driftfarm/database'
import { decodeRecord, kernelOf, type Level, type OutcomeRecord, runReference } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { CliError } from '../../failure.ts'

/**
 * Summands of all steps up to which a replica is also computed by the reference, which takes some hundred times as
 * long.
 */
const mostReferenceWork = 20_000_000

export interface Computed {
  readonly record: Uint8Array
  readonly decoded: OutcomeRecord
  /** The levels of a replica; null for a trial. */
  readonly levels: readonly Level[] | null
  readonly byReference: boolean
}

/**
 * Computes one trial or replica by WebAssembly and by the reference. Throws a CliError REPLAY_DIFFERS if they disagree.
 */
export async function compute(cell: Cell, data: DataTable | null, trial: number): Promise<Computed> {
  const kernel = await kernelOf(cell, data)
  const { records: record } = kernel.run(trial, 1, { keep: true, horizons: [] })
  if (record === null) throw new Error('a replay keeps its record')
  const decoded = decodeRecord(record, kernel.layout, 0)
  const splits = cell.method.kind === 'splitting'
  const byReference = !splits || decoded.steps * summandsOf(cell) <= mostReferenceWork
  if (byReference && !Buffer.from(record).equals(runReference(cell, trial, 1, { horizons: [], data }).records))
    throw new CliError(
      'REPLAY_DIFFERS',
      `trial ${trial}: WebAssembly and the reference disagree`,
      'this is a defect of Drift Farm; please report the spec, the cell and the trial',
    )
  return { record, decoded, levels: splits ? kernel.replica(trial).levels : null, byReference }
}
