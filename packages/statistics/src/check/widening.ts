import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'

/** The intervals to expect if more trials are requested after the first results have been seen. */
export interface Widening {
  readonly trials: number
  /** The interval after such a request. It is valid at any number of trials. */
  readonly anytime: Interval
  /** The interval that would be valid if all these trials had been requested from the beginning. */
  readonly fixed: Interval
}

/**
 * The expected intervals of a probability after `trials` trials, if events stay as frequent as so far (`events` in
 * `counted` trials). `simultaneous` is the number of cells among which 1 - confidence is divided.
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
