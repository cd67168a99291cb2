import { observingShare } from '@driftfarm/kernel'
import type { Cell, Descent, Start } from '@driftfarm/spec'

/**
 * The cost of a trial that reaches its horizon, in steps and descents. For a replica of splitting, the numbers are
 * estimates (see `branchesOfParticle`).
 */
export function trialStepsOf({ start, trial, method }: Cell) {
  const { warmup, steps, escape, quench } = trial
  const training = start.kind === 'train' && start.per === 'trial' ? start.steps : 0
  const each: (readonly [times: number, descent: Descent])[] = descentsOfStart(start).map((one) => [1, one])
  // The basin test descends from theta_0, and then at every step that is a multiple of `every`.
  if (escape?.kind === 'basin') each.push([Math.floor(steps / escape.every) + 1, escape.descent])
  if (quench !== null) each.push([1, quench])
  const trajectories = method.kind === 'splitting' ? method.particles * branchesOfParticle : 1
  const sum = (of: (descent: Descent) => number) => each.reduce((all, [times, one]) => all + times * of(one), 0)
  return {
    /** Steps of the rule, including the warm-up and training for each trial. */
    steps: trajectories * (warmup + steps) + training,
    /** Number of descents before, during and after the steps. */
    descents: trajectories * sum(() => 1),
    /** `steps` plus the steps of all descents, if each descent takes its maximum number of steps. */
    most: trajectories * (warmup + steps + sum((descent) => descent.steps)) + training,
  }
}

/** Maximum number of steps of a trial, including its descents. For a replica of splitting, this is an estimate. */
export const stepsAtMost = (cell: Cell): number => trialStepsOf(cell).most

/**
 * Assumed number of trajectories that splitting computes for each particle. The number is high enough for probabilities
 * down to about 1e-9.
 */
const branchesOfParticle = 20

const descentsOfStart = (start: Start): readonly Descent[] =>
  start.kind === 'descend'
    ? [start.descent, ...descentsOfStart(start.from)]
    : start.kind === 'train' && start.per === 'trial'
      ? descentsOfStart(start.from)
      : []

/**
 * Number of terms that a step sums for each coordinate of the gradient. A plain formula has one term. A landscape on
 * data has one term for each sample that the step uses. In a population, each neuron is paired with every neuron and
 * every teacher, so the number of terms is the number of neurons plus the number of teachers.
 */
export function summandsOf({ landscape }: Cell): number {
  if (landscape.kind === 'population') return landscape.neurons + landscape.teachers
  return landscape.data === null ? 1 : (landscape.batch?.size ?? landscape.data.rows)
}

/**
 * A pessimistic guess of the thread time of a trial in seconds, used until the time is measured. (A step of the double
 * well takes 5 to 10 ns.) `observe`: keys of observed values.
 */
export function costOf(cell: Cell, observe: readonly string[] = []): number {
  const bare = stepsAtMost(cell) * (100e-9 + 50e-9 * cell.landscape.dimension * summandsOf(cell))
  return bare * (1 + observingShare(cell, observe))
}
