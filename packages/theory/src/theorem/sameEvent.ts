import type { Cell } from '@driftfarm/spec'
import type { TheoremAnswer } from './answer.ts'

/**
 * Whether the escape that trials measure is the event of the bounds: the first time that a trial with a fixed start
 * leaves the ball.
 */
export function isSameEvent({ trial }: Pick<Cell, 'trial'>, { escape, start }: TheoremAnswer): boolean {
  const convergesFirst = trial.converge !== null && trial.afterConverge === 'stop'
  return escape.kind === 'ball' && escape.ends === 'both' && !convergesFirst && !start.random
}
