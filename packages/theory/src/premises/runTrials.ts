import { type BatchResult, Kernel, type ModuleOf, prepare, runReference } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { descentsCost, stepCost, sum, times } from './cost.ts'

/**
 * Work below these nanoseconds is done on the host: the kernel takes a tenth of a millisecond to prepare a cell, and
 * a tenth of a second to compile a shape that is new.
 */
const preparing = 2e5
const compiling = 5e6

/** Instances by shape and data: loading another cell of the same shape takes a microsecond, a new instance many. */
const kernels = new LRUCache<string, Kernel>({ max: 8 })

/**
 * Runs a range of trials of a cell without splitting or tilting, with their records and last thetas: by the scalar
 * reference where that is fast, else by the kernel. Both give identical bits.
 */
export async function runTrials(
  cell: Cell,
  data: DataTable | null,
  { first, count }: { readonly first: number; readonly count: number },
  module: ModuleOf,
): Promise<BatchResult> {
  const one = sum(times(stepCost(cell), cell.trial.steps), descentsCost(cell))
  const host = count * one.host
  const reference = () => runReference(cell, first, count, { horizons: [], data, theta: true })
  if (host <= preparing) return reference()
  const prepared = prepare(cell, data)
  const key = `${prepared.shape} ${data?.hash ?? ''}`
  const known = kernels.get(key)
  if (known === undefined && host <= compiling) return reference()
  const kernel = known ?? Kernel.create(await module(prepared), prepared)
  // While it runs nobody else may have it, nor after an error, which may leave its memory half written.
  kernels.delete(key)
  if (known !== undefined) kernel.load(prepared)
  const result = kernel.run(first, count, { keep: true, horizons: [], theta: true })
  kernels.set(key, kernel)
  return result
}
