import { bitsOfCell } from '@driftfarm/database'
import type { PlanData } from '@driftfarm/report'
import { observedColumns, type RecordRule, type ResolvedCell, type Sweep, sizeOf } from '@driftfarm/spec'

/**
 * Bytes per item in PostgreSQL, including indexes. `disk.slow.test.ts` compares these numbers with the sizes of stored
 * sweeps.
 */
const bytesOf = { cell: 7_000, batch: 2_000, trial: 24, mark: 8, observed: 8 }

/** Estimates how many bytes a finished sweep stores. */
export class DiskEstimate {
  readonly #tables = new Map<string, number>()
  #bytes = 0
  #rows = 0

  constructor(private readonly sweep: Pick<Sweep, 'demand'>) {}

  /** Adds a cell with its final numbers of trials and batches. */
  add(resolved: ResolvedCell, trials: number, batches: number): void {
    const { cell, tables } = resolved
    const { demand } = this.sweep
    const rows = trials * recordedShare(demand.record)
    const bits = bitsOfCell(resolved, demand).length * trials
    this.#rows += rows
    this.#bytes += bytesOf.cell + Math.max(0, batches - 1) * bytesOf.batch + bits / 8
    const values = cell.method.kind === 'direct' ? observedColumns(demand.observe).size : 0
    this.#bytes += rows * (bytesOf.trial + cell.trial.marks.length * bytesOf.mark + values * bytesOf.observed)
    for (const table of tables) this.#tables.set(table.hash, sizeOf(table.values))
  }

  /** `share`: the fraction of the trials of all added cells that a total budget allows; 1 without a total budget. */
  total(share: number): PlanData['disk'] {
    const data = [...this.#tables.values()].reduce((sum, each) => sum + each, 0)
    return { rows: Math.round(this.#rows * share), bytes: Math.round(this.#bytes * share + data) }
  }
}

/**
 * The fraction of trials whose rows are stored. If only trials with an event are recorded, this returns the upper limit
 * 1, because the number of such trials is unknown in advance.
 */
function recordedShare(record: RecordRule): number {
  if (record.kind === 'sample') return record.share
  return record.kind === 'none' ? 0 : 1
}
