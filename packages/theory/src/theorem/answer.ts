import type { Cell } from '@driftfarm/spec'
import type { TheoremAnswer } from '../shapes/index.ts'

export interface TheoremOptions {
  /**
   * The radius of the ball. The default is the radius of the cell's escape, or the radius that gives the best bound.
   */
  readonly radius?: number
  /**
   * The distances |theta_N - theta_0| of measured trials from one start; Infinity for a trial that ended before step N.
   * The bound for the steps after the horizon N uses D_N, the distance from the minimum after N steps. D_N is at most
   * |theta_N - theta_0| + D_0.
   */
  readonly distances?: readonly number[]
  /** Whether Theorem 2 is also applied. Theorem 2 takes longer than all other results. Default true. */
  readonly certificate?: boolean
}

/**
 * Whether the escape that trials measure is the event that the bounds refer to: a trial with a fixed start leaves the
 * ball for the first time.
 */
export function isSameEvent({ trial }: Pick<Cell, 'trial'>, { escape, start }: TheoremAnswer): boolean {
  const convergesFirst = trial.converge !== null && trial.afterConverge === 'stop'
  return escape.kind === 'ball' && escape.ends === 'both' && !convergesFirst && !start.random
}
