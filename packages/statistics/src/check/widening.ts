import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'

/** How wide an interval becomes where more trials are requested after the first ones were seen. */
export interface Widening {
  readonly trials: number
  /** The interval that will hold: one that is valid at any number of trials. */
  readonly anytime: Interval
  /** The interval that would hold if all these trials had been requested from the beginning. */
  readonly fixed: Interval
}

/**
 * The intervals of a probability after `trials` trials, if events keep coming at the rate of `events` in `counted`. The
 * cells numbered by `simultaneous` share 1 - confidence.
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
