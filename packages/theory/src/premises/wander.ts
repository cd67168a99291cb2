import { decodeOutcome, layoutOf, type ModuleOf } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { descentsCost, stepCost } from './cost.ts'
import { runTrials } from './runTrials.ts'

/** The last theta of a trial of a cell. */
export interface Wandered {
  readonly trial: number
  readonly theta: Float64Array
  readonly converged: boolean
}

/** The kernel time in nanoseconds that all trials may take, and the number of steps that they are given in any case. */
const enough = 1e8
const fewestSteps = 1000

/**
 * The last theta of the first trials of the cell, without the descents that it makes on their way. Trials that diverge
 * are left out. Trials use the common streams of the cell's seed, so that they are the cell's own trials where it uses
 * common streams; they are shortened where steps are slow.
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
