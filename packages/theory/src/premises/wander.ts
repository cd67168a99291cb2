import { decodeOutcome, layoutOf, type ModuleOf } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { descentsCost, stepCost } from './cost.ts'
import { runTrials } from './runTrials.ts'

/** Where a trial of a cell came to. */
export interface Wandered {
  readonly trial: number
  readonly theta: Float64Array
  readonly converged: boolean
}

/** Of the kernel, in nanoseconds, for all trials; and steps that are taken however long they take. */
const enough = 1e8
const fewestSteps = 1000

/**
 * The last theta of so many trials of the cell, without the descents that it asks for on their way: those that diverge
 * are left out. Trials have the noise of the cell's seed under common streams, so that they are its own where it has
 * those, and are cut where steps take long.
 */
export async function wander(
  cell: Cell,
  data: DataTable | null,
  trials: number,
  module: ModuleOf,
): Promise<readonly Wandered[]> {
  const wandering = wanderingCell(cell, trials)
  const layout = layoutOf(wandering)
  const { records, theta } = await runTrials(wandering, data, trials, module)
  const { dimension } = cell.landscape
  return Array.from({ length: trials }, (_, i) => ({
    trial: i,
    theta: theta!.slice(i * dimension, (i + 1) * dimension),
    converged: decodeOutcome(records!, layout, i).end === 'converged',
  })).filter((each) => each.theta.every(Number.isFinite))
}

function wanderingCell(cell: Cell, trials: number): Cell {
  const { trial } = cell
  const free: Cell = {
    ...cell,
    method: { kind: 'direct' },
    streams: 'common',
    trial: {
      ...trial,
      escape: trial.escape?.kind === 'basin' ? null : trial.escape,
      marks: [],
      classify: [],
      quench: null,
    },
  }
  const room = enough / trials - descentsCost(free).kernel
  const steps = Math.min(trial.steps, Math.max(fewestSteps, Math.floor(room / stepCost(free).kernel)))
  return { ...free, trial: { ...free.trial, steps } }
}
