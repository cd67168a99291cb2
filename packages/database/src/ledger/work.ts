import type { Cell, Descent, Start } from '@driftfarm/spec'

/**
 * Steps of a trial at most, of a replica as a rule: warm-up, horizon, and whatever descents there are before, within
 * and after.
 */
export function stepsAtMost({ start, trial, method }: Cell): number {
  const { warmup, steps, escape, quench } = trial
  // Tested every k-th step, and theta_0 has a descent of its own.
  const basin = escape?.kind === 'basin' ? (Math.floor(steps / escape.every) + 1) * escape.descent.steps : 0
  const one = stepsOfStart(start) + warmup + steps + basin + stepsOf(quench)
  return method.kind === 'splitting' ? one * method.particles * branchesOfParticle : one
}

/** Trajectories of a replica for each of its particles: those down to a probability of about 1e-9. */
const branchesOfParticle = 20

const stepsOf = (descent: Descent | null): number => descent?.steps ?? 0

function stepsOfStart(start: Start): number {
  return start.kind === 'descend' ? start.descent.steps + stepsOfStart(start.from) : 0
}

/** Summands of loss and gradient a step: samples, or pairs of neurons a neuron; 1 for a plain formula. */
export function summandsOf({ landscape }: Cell): number {
  if (landscape.kind === 'population') return landscape.neurons + landscape.teachers
  return landscape.data === null ? 1 : (landscape.batch?.size ?? landscape.data.rows)
}
