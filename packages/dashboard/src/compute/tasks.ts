import { decodeRecord, Kernel, layoutOf, prepare, runReference } from '@driftfarm/kernel'
import { type CellKernel, type RowRecord, rowRecord, tracePaths } from '@driftfarm/report'
import { trainedStart } from '@driftfarm/spec'
import { maxCoordinates } from './playing.ts'

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

/** Paths of more trials could not be distinguished. */
const maxPaths = 5
const maxEscaped = 3

/**
 * Traces some trials from `from` on, of which some escape if any of the first few hundred do. Looks for them for at
 * most 0.3 s, and traces for at most 2 s. `next` is the trial after the last of them.
 */
function paths(from: number, trials: number) {
  const { cell, tables } = kernelNow().given
  const began = performance.now()
  const found: RowRecord[] = []
  for (let size = 1; cell.method.kind !== 'splitting' && found.length < 500; size *= 2) {
    const count = Math.min(size, trials - from - found.length)
    if (count > 0) found.push(...rows(from + found.length, count))
    if (count <= 0 || performance.now() - began > 300) break
  }
  const escaped = found.filter(({ end }) => end === 'escaped').slice(0, maxEscaped)
  const others = found.filter(({ end }) => end !== 'escaped')
  const chosen = [...escaped, ...others.slice(0, maxPaths - escaped.length)]
  const sorted = chosen.map(({ trial }) => Number(trial)).sort((a, b) => a - b)
  const isOver = () => performance.now() - began > 2_300
  const traced = tracePaths(cell, tables, sorted, '', { coordinates: maxCoordinates, isOver })
  return { ...traced, next: Math.max(from, ...sorted) + 1 }
}

export const tasks = { begin, replay, rows, paths }
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
