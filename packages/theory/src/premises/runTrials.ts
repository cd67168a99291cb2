import { type BatchResult, kernelOf, type ModuleOf, runReference } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { descentsCost, stepCost, sum, times } from './cost.ts'

/**
 * A new shape takes a tenth of a second to compile, a known one some milliseconds to fill: shorter work stays on the
 * host.
 */
const shortest = 5e6

/**
 * Trials 0 .. count - 1 of a cell that neither splits nor is tilted, with their records and last thetas: by the scalar
 * reference where that is quick, else by the kernel. Both give the same bits.
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
