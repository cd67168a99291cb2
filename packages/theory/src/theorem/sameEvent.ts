import type { Cell } from '@driftfarm/spec'
import type { TheoremAnswer } from './answer.ts'

/**
 * Whether the escape that trials measure is the event that the bounds refer to: a trial with a fixed start leaves the
 * ball for the first time.
 */
export function isSameEvent({ trial }: Pick<Cell, 'trial'>, { escape, start }: TheoremAnswer): boolean {
  const convergesFirst = trial.converge !== null && trial.afterConverge === 'stop'
  return escape.kind === 'ball' && escape.ends === 'both' && !convergesFirst && !start.random
}
