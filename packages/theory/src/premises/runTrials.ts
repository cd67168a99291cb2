import { type BatchResult, kernelOf, type ModuleOf, runReference } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { descentsCost, stepCost, sum, times } from './cost.ts'

/**
 * Work below this many nanoseconds is done on the host: the kernel takes a tenth of a second to compile a new shape,
 * and some milliseconds to fill a known one.
 */
const shortest = 5e6

/**
 * Runs trials 0 to count - 1 of a cell without splitting or tilting, with their records and last thetas: by the scalar
 * reference where that is fast, else by the kernel. Both give the same bits.
 */
export async function runTrials(
  cell: Cell,
  data: DataTable | null,
  count: number,
  module: ModuleOf,
): Promise<BatchResult> {
  const one = sum(times(stepCost(cell), cell.trial.steps), descentsCost(cell))
  if (count * one.host <= shortest) return runReference(cell, 0, count, { horizons: [], data, theta: true })
  return (await kernelOf(cell, data, module)).run(0, count, { keep: true, horizons: [], theta: true })
}
