import type { Cell, Descent, Start } from '@driftfarm/spec'

/**
 * Largest number of steps of a trial, or a typical one for a replica: warm-up, horizon, and all descents before, during
 * and after.
 */
export function stepsAtMost({ start, trial, method }: Cell): number {
  const { warmup, steps, escape, quench } = trial
  // The basin is tested at every k-th step, and theta_0 has a descent of its own.
  const basin = escape?.kind === 'basin' ? (Math.floor(steps / escape.every) + 1) * escape.descent.steps : 0
  const one = stepsOfStart(start) + warmup + steps + basin + stepsOf(quench)
  return method.kind === 'splitting' ? one * method.particles * branchesOfParticle : one
}

/** Number of trajectories of a replica for each of its particles, for probabilities down to about 1e-9. */
const branchesOfParticle = 20

const stepsOf = (descent: Descent | null): number => descent?.steps ?? 0

function stepsOfStart(start: Start): number {
  return start.kind === 'descend' ? start.descent.steps + stepsOfStart(start.from) : 0
}

/**
 * Number of summands of loss and gradient in a step: samples, or pairs with other neurons for each neuron; 1 for a
 * plain formula.
 */
export function summandsOf({ landscape }: Cell): number {
  if (landscape.kind === 'population') return landscape.neurons + landscape.teachers
  return landscape.data === null ? 1 : (landscape.batch?.size ?? landscape.data.rows)
}

/**
 * A pessimistic guess of the thread seconds of a trial (a step of the double well takes 5 to 10 ns). What is measured
 * replaces it as soon as there is something.
 */
export function costOf(cell: Cell): number {
  return stepsAtMost(cell) * (100e-9 + 50e-9 * cell.landscape.dimension * summandsOf(cell))
}
