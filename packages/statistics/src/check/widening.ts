import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'

/** What an interval becomes where more trials are asked for after a look at the first ones. */
export interface Widening {
  readonly trials: number
  /** Right at any number of trials: what it will be. */
  readonly anytime: Interval
  /** What it would be, had so many been asked for from the beginning. */
  readonly fixed: Interval
}

/**
 * Of a probability that had `events` of `counted` trials, once there are `trials`, if events go on to come as often.
 * `confidence`: 1 - confidence is shared by `simultaneous` cells.
 */
export function wideningOf(
  { events, counted }: { readonly events: number; readonly counted: number },
  trials: number,
  confidence: number,
  simultaneous = 1,
): Widening {
  const expected = Math.round((events / counted) * trials)
  const alpha = (1 - confidence) / simultaneous
  return {
    trials,
    anytime: betaBinomialSequence(expected, trials, alpha),
    fixed: clopperPearsonAt(expected, trials, alpha),
  }
}
