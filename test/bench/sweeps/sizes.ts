import { writeSpec } from '@driftfarm/testing/spec'

/** How many cells a sweep has, and what is computed and kept of each. */
export interface Size {
  readonly cells: number
  readonly trials: number
  readonly rows: boolean
  readonly steps?: number
  /** Number of cells in a task of the peer. With few cells, it must be small, so that every process has a task. */
  readonly inTask?: number
}

/** The sizes that are run, and those that are run when they are asked for. */
export const sizes: readonly Size[] = [
  { cells: 1_000, trials: 100, rows: true },
  { cells: 10_000, trials: 100, rows: true },
  { cells: 100_000, trials: 10, rows: true },
]
export const largeSizes: readonly Size[] = [{ cells: 1_000_000, trials: 10, rows: false }]
/** Long enough for native lanes. */
export const longSizes: readonly Size[] = [{ cells: 21, trials: 100_000, steps: 1000, rows: false, inTask: 1 }]

/**
 * First exits of the double well over step sizes and scales of drift: the question of `test/benchmarks/peers`. Returns
 * the path of the spec.
 */
export function writeSweep(folder: string, name: string, size: Size, seed: number): string {
  const { cells, trials, rows, steps = 100 } = size
  const etas = sideOf(cells)
  return writeSpec(folder, name, {
    version: 1,
    name,
    seed,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 0.5 } },
    trial: { steps, escape: 'x >= 0' },
    sweep: { 'update.eta': axis(0.05, 0.2, etas), 'update.drift.sigma': axis(0.2, 1.5, cells / etas) },
    trials,
    record: rows ? 'all' : 'none',
  })
}

const axis = (from: number, to: number, count: number) => (count === 1 ? [from] : { from, to, count, scale: 'linear' })

/** The largest divisor up to the root: the grid is nearly square, as the peer's is. */
function sideOf(cells: number): number {
  let side = Math.floor(Math.sqrt(cells))
  while (cells % side !== 0) side--
  return side
}
