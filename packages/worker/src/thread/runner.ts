import {
  addDigests,
  addTallies,
  type BatchResult,
  layoutOf,
  type RecordLayout,
  runReference,
  zeroTally,
} from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'

export interface RunnerOptions {
  readonly keep: boolean
  readonly horizons: readonly number[]
  readonly stop: Int32Array
}

export interface Runner {
  readonly layout: RecordLayout
  run(first: number, count: number, options: RunnerOptions): BatchResult
}

/** If a slice takes less time than this, the next slice has twice as many trials. */
const sliceMs = 50

/** Runs the slow reference in slices, since the reference itself does not check the stop flag. */
export function referenceRunner(cell: Cell, data: DataTable | null): Runner {
  const layout = layoutOf(cell)
  return {
    layout,
    run(first, count, { horizons, stop }) {
      const records = new Uint8Array(count * layout.bytes)
      let tally = zeroTally(layout, horizons)
      let digest = 0n
      let slice = 1
      for (let done = 0; done < count; ) {
        if (Atomics.load(stop, 0) !== 0) return { completed: false, records: null, theta: null, tally, digest }
        const trials = Math.min(slice, count - done)
        const start = performance.now()
        const result = runReference(cell, first + done, trials, { horizons, data })
        if (performance.now() - start < sliceMs) slice *= 2
        records.set(result.records, done * layout.bytes)
        tally = addTallies(tally, result.tally)
        digest = addDigests(digest, result.digest)
        done += trials
      }
      return { completed: true, records, theta: null, tally, digest }
    },
  }
}
