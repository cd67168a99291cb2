import { recordDigest } from '@driftfarm/kernel'
import * as z from 'zod'
import { StatisticsError } from '../error.ts'
import type { RuleNamed, StopRuleEntry } from '../evidence/stopRule.ts'
import { clopperPearsonAt } from '../interval/fixedSize.ts'
import { count, nonNegative } from '../shape.ts'
import { gammaLowerQuantile, gammaLowerTail, gammaUpperQuantile, gammaUpperTail } from '../special/gamma.ts'
import { smallestInteger } from '../special/root.ts'

// Huber's Gamma Bernoulli approximation scheme (arXiv:1309.5413). Trials continue until the k-th event. Each trial is
// assigned a random time from the exponential distribution with mean 1, and S is the sum of these times. The events
// then form a Poisson process of rate p, so p * S has a Gamma(k) distribution for every p, and (k - 1) / S is unbiased.

/** The rule `relative` with `method: gbas`. */
export const gbas = {
  shape: z.strictObject({ rule: z.literal('gbas'), estimate: z.string(), relative: nonNegative, events: count }),
  text: ({ estimate, events }) => `${events} × ${estimate} (gbas)`,
  ended: () => 'stopped at the requested number of events',
  nth: ({ relative }, alpha) => gbasEvents(relative, alpha),
  endsAtFirst: false,
  after({ estimate }, k, n, alpha, { cell, most }) {
    if (cell === undefined) throw new StatisticsError('CELL', 'none given', 'pass `cell`')
    return { ...gbasAt(gbasTime(n, { cell, estimate, events: k }), k, most, alpha), method: 'gbas' }
  },
  before: (k, n, alpha) => ({
    value: k / n,
    low: clopperPearsonAt(k, n, alpha).low,
    high: gbasEnded(k, n, alpha),
    method: 'gbas-bounded',
  }),
} satisfies StopRuleEntry<RuleNamed<'gbas'>, { readonly events: number }>

let latest: { readonly relative: number; readonly alpha: number; readonly events: number } | undefined

const maxEvents = 1e15

/**
 * The smallest number of events k >= 2 with P(|(k - 1) / (p S) - 1| > relative) <= alpha for every p. Throws a
 * StatisticsError if k would exceed 10^15.
 *
 *     gbasEvents(0.1, 0.05) // 385
 */
export function gbasEvents(relative: number, alpha: number): number {
  // Cached, since all cells of a sweep have the same `relative` and `alpha`.
  if (latest?.relative !== relative || latest.alpha !== alpha)
    latest = { relative, alpha, events: minEvents(relative, alpha) }
  return latest.events
}

function minEvents(relative: number, alpha: number): number {
  const events = smallestInteger(2, maxEvents, (k) => missed(k, relative) <= alpha)
  if (events !== null) return events
  throw new StatisticsError(
    'RELATIVE',
    String(relative),
    'more than 10^15 events would be needed; request a larger error',
  )
}

/** P(|(k - 1) / (p S) - 1| > relative), where p S has a Gamma(k) distribution. */
function missed(k: number, relative: number): number {
  const over = gammaLowerTail((k - 1) / (1 + relative), k)
  return relative < 1 ? over + gammaUpperTail((k - 1) / (1 - relative), k) : over
}

/**
 * S, the sum of n exponential times, as a single draw from Gamma(n). The draw is determined by a hash of n, the cell,
 * its estimate and the number of events, so S does not depend on the machine or on the number of batches.
 */
export function gbasTime(n: number, of: { cell: string; estimate: string; events: number }): number {
  const text = `gbas ${of.cell} ${of.estimate} ${of.events}`
  const words = new Uint8Array(8 * Math.ceil(text.length / 4))
  const view = new DataView(words.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true)
  const uniform = (Number(recordDigest(n, words) >> 75n) + 0.5) / 2 ** 53
  return uniform < 0.5 ? gammaLowerQuantile(uniform, n) : gammaUpperQuantile(1 - uniform, n)
}

/**
 * Estimates the probability from `events` events. `time` is `gbasTime(n)` for the n trials up to the last event.
 * `most` is the maximum number of trials; see `gbasEnded`. If the unbiased estimate exceeds 1, `value` is 1.
 */
export function gbasAt(time: number, events: number, most: number, alpha: number) {
  return {
    value: Math.min(1, (events - 1) / time),
    low: Math.min(1, gammaLowerQuantile(alpha / 2, events) / time),
    high: Math.min(1, gammaUpperQuantile(alpha / 2, events) / Math.min(time, soonest(most))),
  }
}

/**
 * The upper limit if only c < k events happened in the maximum number of trials, `most`. The total time of these trials
 * almost certainly exceeds t = `soonest(most)`, so at most c events happened up to t. The number of events up to t has
 * a Poisson distribution, for which Garwood's upper limit is valid. For c = k - 1, the limit equals the upper limit of
 * `gbasAt` for a k-th event at the time t. So a cell's upper limit, whether from `gbasAt` or from `gbasEnded`, is too
 * low with probability at most alpha / 2.
 */
export function gbasEnded(c: number, most: number, alpha: number): number {
  return Math.min(1, gammaUpperQuantile(alpha / 2, c + 1) / soonest(most))
}

/** The total time of `most` trials exceeds this value, except with probability 1e-12. */
function soonest(most: number): number {
  return gammaLowerQuantile(1e-12, most)
}
