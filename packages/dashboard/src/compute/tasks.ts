import { decodeRecord, Kernel, layoutOf, prepare, runReference } from '@driftfarm/kernel'
import { type CellKernel, type RowRecord, rowRecord, tracePaths } from '@driftfarm/report'
import { trainedStart } from '@driftfarm/spec'

// What the thread of the browser computes for one cell.

interface Begun {
  /** The compiled module. If it is null, the reference implementation computes the trials. */
  readonly kernel: Kernel | null
  readonly given: CellKernel
}

let begun: Begun | null = null

async function begin(given: CellKernel): Promise<void> {
  const { cell, tables, module } = given
  // The farm sends no module for the training run of a cell.
  const byReference = module === null || trainedStart(cell) !== null
  const compiled = byReference ? null : await WebAssembly.compile(module as BufferSource)
  begun = { kernel: compiled === null ? null : Kernel.create(compiled, prepare(cell, tables)), given }
}

function replay(trial: number, title: string) {
  const { kernel, given } = kernelNow()
  const [row] = rows(trial, 1)
  const byReference = recordsOf({ kernel: null, given }, trial, 1)
  return {
    row: row!,
    paths: tracePaths(given.cell, given.tables, [trial], title),
    /**
     * Whether WebAssembly and the reference implementation agree bit for bit; null if only the reference implementation
     * computed the trial.
     */
    agrees: kernel === null ? null : equal(recordsOf({ kernel, given }, trial, 1), byReference),
  }
}

function rows(first: number, count: number): readonly RowRecord[] {
  const now = kernelNow()
  const records = recordsOf(now, first, count)
  const layout = layoutOf(now.given.cell)
  return Array.from({ length: count }, (_, at) => rowRecord(0, first + at, decodeRecord(records, layout, at)))
}

export const tasks = { begin, replay, rows }
export type Tasks = typeof tasks

function kernelNow(): Begun {
  if (begun === null) throw new Error('the kernel is not loaded yet')
  return begun
}

function recordsOf({ kernel, given: { cell, tables } }: Begun, first: number, count: number): Uint8Array {
  const { records } =
    kernel === null
      ? runReference(cell, first, count, { horizons: [], tables })
      : kernel.run(first, count, { keep: true, horizons: [] })
  if (records === null) throw new Error('the kernel returned no records')
  return records
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])
