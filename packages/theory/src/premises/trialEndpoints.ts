import { decodeOutcome, layoutOf } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { BudgetExceeded, type PartBudget } from './budget.ts'
import { descentsCost, stepCost } from './cost.ts'
import { withoutDescents, withSteps } from './plainCell.ts'
import { runTrials } from './runTrials.ts'

export interface TrialEndpoint {
  readonly trial: number
  readonly theta: Float64Array
  readonly converged: boolean
}

/** Trials with fewer steps than this are not worth running, except if the horizon itself is shorter. */
const minSteps = 100

/**
 * Runs the first trials of the cell without the events that require a descent, and returns the last theta of each.
 * Trials that diverge are omitted. The trials use the common streams of the cell's seed. If the cell uses common
 * streams too, these trials are the cell's own. If steps are slow, fewer or shorter trials are run.
 */
export async function trialEndpoints(
  cell: Cell,
  data: DataTable | null,
  { trials: requested, module, allowance }: PartBudget & { readonly trials: number },
): Promise<readonly TrialEndpoint[]> {
  const { wandering, trials } = endpointCell(cell, requested, allowance)
  const layout = layoutOf(wandering)
  const { records, theta } = await runTrials(wandering, data, { first: 0, count: trials }, module)
  const { dimension } = cell.landscape
  return Array.from({ length: trials }, (_, i) => ({
    trial: i,
    theta: theta!.slice(i * dimension, (i + 1) * dimension),
    converged: decodeOutcome(records!, layout, i).end === 'converged',
  })).filter((each) => each.theta.every(Number.isFinite))
}

function endpointCell(cell: Cell, requested: number, allowance: number): { wandering: Cell; trials: number } {
  const { trial } = cell
  const plain = withoutDescents(cell)
  const free: Cell = { ...plain, trial: { ...plain.trial, marks: [], classify: [] } }
  const step = stepCost(free).kernel
  const before = descentsCost(free).kernel + trial.warmup * step
  const stepsOf = (trials: number) => Math.min(trial.steps, Math.floor((allowance / trials - before) / step))
  for (const trials of [requested, Math.ceil(requested / 4), 1]) {
    const steps = stepsOf(trials)
    if (steps >= Math.min(trial.steps, minSteps)) return { wandering: withSteps(free, steps), trials }
  }
  throw new BudgetExceeded('a trial of 100 steps')
}
