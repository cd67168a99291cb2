import {
  type BatchResult,
  decodeOutcome,
  Kernel,
  layoutOf,
  type ModuleOf,
  type Outcome,
  prepare,
  runReference,
  type TrialRange,
  wholeCost,
  withTraining,
} from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'

/**
 * Trials run on the host if all of them together take at most `preparing` nanoseconds, because preparing a cell for
 * the kernel takes a tenth of a millisecond. If the shape of the cell is not compiled yet, the limit is `compiling`,
 * because compiling takes a tenth of a second.
 */
const preparing = 2e5
const compiling = 5e6

/** Loading another cell of the same shape takes a microsecond; creating a new instance takes much longer. */
const kernels = new LRUCache<string, Kernel>({ max: 8 })

/** Where trials get their data and their compiled modules. */
export interface TrialSource {
  readonly tables: Tables
  readonly module: ModuleOf
}

export interface CellStudy extends TrialSource {
  readonly cell: Cell
  /** The time that a part may take, in nanoseconds. With too little time, it does less work, or none. */
  readonly allowance: number
}

/** Runs a range of trials of a cell with the method `direct`. The scalar reference and the kernel agree bit for bit. */
export async function runTrials(
  cell: Cell,
  { first, count }: TrialRange,
  { tables, module }: TrialSource,
): Promise<BatchResult> {
  const host = count * wholeCost(cell).host
  const reference = () => runReference(cell, first, count, { horizons: [], tables, theta: true })
  if (host <= preparing) return reference()
  const prepared = await withTraining(prepare(cell, tables), module)
  const key = `${prepared.shape} ${tables.map(({ hash }) => hash).join(' ')}`
  const known = kernels.get(key)
  if (known === undefined && host <= compiling) return reference()
  const kernel = known ?? Kernel.create(await module(prepared), prepared)
  // No other caller may use an instance while it runs. After an error, the instance is dropped, because its memory may
  // be inconsistent.
  kernels.delete(key)
  if (known !== undefined) kernel.load(prepared)
  const result = kernel.run(first, count, { keep: true, horizons: [], theta: true })
  kernels.set(key, kernel)
  return result
}

export interface TrialEnd extends Outcome {
  readonly trial: number
  readonly theta: Float64Array
}

/** Runs a range of trials, and returns the outcome and the last theta of each. */
export async function trialEnds(cell: Cell, range: TrialRange, source: TrialSource): Promise<readonly TrialEnd[]> {
  const { records, theta } = await runTrials(cell, range, source)
  const layout = layoutOf(cell)
  const { dimension } = cell.landscape
  return Array.from({ length: range.count }, (_, i) => ({
    ...decodeOutcome(records!, layout, i),
    trial: range.first + i,
    theta: theta!.slice(i * dimension, (i + 1) * dimension),
  }))
}
