import { recordDigest } from '@driftfarm/kernel'
import { StatisticsError } from '../error.ts'
import type { Interval } from '../interval/interval.ts'
import { gammaLowerQuantile, gammaLowerTail, gammaUpperQuantile, gammaUpperTail } from '../special/gamma.ts'

// Huber's Gamma Bernoulli approximation scheme (arXiv:1309.5413). Trials continue until the k-th event. Each trial is
// given an exponential time of mean 1; S is their sum. The events then form a Poisson process of rate p, so p S is
// Gamma(k) distributed for every p, and (k - 1) / S is unbiased.

let latest: { readonly relative: number; readonly alpha: number; readonly events: number } | undefined

/** The largest number of events that can be counted. */
const maxEvents = 1e15

/**
 * The smallest number of events k >= 2 with P(|(k - 1) / (p S) - 1| > relative) <= alpha, whatever p is. Throws a
 * StatisticsError beyond 10^15.
 *
 *     gbasEvents(0.1, 0.05) // 385
 */
export function gbasEvents(relative: number, alpha: number): number {
  // A sweep asks for the same two numbers for every cell.
  if (latest?.relative !== relative || latest.alpha !== alpha)
    latest = { relative, alpha, events: minEvents(relative, alpha) }
  return latest.events
}

function minEvents(relative: number, alpha: number): number {
  let high = 2
  while (missed(high, relative) > alpha) {
    high *= 2
    if (high > maxEvents)
      throw new StatisticsError('RELATIVE', String(relative), 'it takes more than 10^15 events; request a larger error')
  }
  let low = Math.max(1, high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (missed(middle, relative) > alpha) low = middle
    else high = middle
  }
  return high
}

/** The probability of missing by more than `relative`: (k - 1) / (p S) is k - 1 divided by a Gamma(k) variable. */
function missed(k: number, relative: number): number {
  const over = gammaLowerTail((k - 1) / (1 + relative), k)
  return relative < 1 ? over + gammaUpperTail((k - 1) / (1 - relative), k) : over
}

/** What the draw of S depends on, besides n. */
export interface GbasPlace {
  /** Id of the cell, which depends on the seed. */
  readonly cell: string
  readonly estimate: string
  /** The number k of events that ended the cell. */
  readonly events: number
}

/**
 * S, the sum of n exponential times: a single draw of Gamma(n), namely the quantile at a 53-bit uniform that is a hash
 * of the place and n. So S is the same wherever the cell was computed and in however many batches, and no state of a
 * generator needs to be stored.
 */
export function gbasTime(n: number, { cell, estimate, events }: GbasPlace): number {
  const text = `gbas ${cell} ${estimate} ${events}`
  const words = new Uint8Array(8 * Math.ceil(text.length / 4))
  const view = new DataView(words.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true)
  const uniform = (Number(recordDigest(n, words) >> 75n) + 0.5) / 2 ** 53
  return uniform < 0.5 ? gammaLowerQuantile(uniform, n) : gammaUpperQuantile(1 - uniform, n)
}

/**
 * Value and interval where the k-th event (k is `events`) came at the given time. `most` is the largest number of
 * trials: see `gbasEnded`. For a probability near 1 the unbiased value exceeds 1 about as often as not; it is cut at 1.
 */
export function gbasAt(
  time: number,
  events: number,
  most: number,
  alpha: number,
): Interval & { readonly value: number } {
  return {
    value: Math.min(1, (events - 1) / time),
    low: Math.min(1, gammaLowerQuantile(alpha / 2, events) / time),
    high: Math.min(1, gammaUpperQuantile(alpha / 2, events) / Math.min(time, soonest(most))),
  }
}

/**
 * The upper limit where the largest number of trials, `most`, came before the k-th event, after c < k events. Together
 * with `gbasAt` the limit misses with probability at most alpha / 2: except with probability 1e-12 all trials take at
 * least the time `soonest`; the events up to a fixed time are a Poisson count, and its upper limit (Garwood's) joins
 * that of the k-th event without a gap, at whichever time comes first.
 */
export function gbasEnded(c: number, most: number, alpha: number): number {
  return Math.min(1, gammaUpperQuantile(alpha / 2, c + 1) / soonest(most))
}

/** A time that `most` trials exceed except with probability 1e-12. */
function soonest(most: number): number {
  return gammaLowerQuantile(1e-12, most)
}
