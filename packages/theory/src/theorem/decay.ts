import { elementary } from '@driftfarm/formula'
import type { Cell, Schedule } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'

/** A schedule for all n >= from: a constant times (offset + n)^-exponent, or times rate^n. */
interface Law {
  readonly from: number
  readonly offset: number
  readonly exponent: number
  /** ln(1 / rate) of a geometric schedule, else 0. */
  readonly fall: number
  /** Whether the schedule is 0 from step `from` on. */
  readonly zero: boolean
}

/**
 * From some step K on, eta_n falls as (offset + n)^-p with 0 <= p <= 1, and s_n^2 / eta_n falls at least as fast as
 * (place + n)^-e. The infinite product s_inf of Theorem 1 (iii) has a factor for each step, and these rates bound the
 * factors after step K.
 */
export interface Decay {
  /** The schedules have these forms from this step on. */
  readonly from: number
  /** eta_n = eta_K ((offset + n) / (offset + K))^-p. */
  readonly offset: number
  readonly p: number
  /** Whether the noise is 0 from step `from` on. */
  readonly silent: boolean
  /**
   * Returns place and e such that s_n^2 / eta_n <= s_K^2 / eta_K ((place + n) / (place + K))^-e for n >= K.
   * `contraction` is 1 - rho_K^2.
   */
  fall(k: number, contraction: number): { readonly place: number; readonly e: number }
}

/**
 * A geometric schedule is bounded by a power of n that falls more slowly. In each step, the relative decrease of this
 * power is at most `share` times 1 - rho_K^2, the rate at which the chain forgets its start.
 */
const share = 0.5

export function decayOf({ update }: Cell): Decay | NotApplicable {
  const eta = lawOf(update.eta)
  if (eta === null)
    return { reason: 'eta is an expression in n, so the values of eta beyond the horizon are not known' }
  if (eta.fall > 0 || eta.exponent > 1)
    return { reason: 'the step sizes have a finite sum, so descent stops before the minimum' }
  if (eta.zero) return { reason: 'eta ends at 0, so descent stops before the minimum' }
  if (eta.exponent < 0) return { reason: 'eta grows' }
  const [entry] = update.drift
  const noise = entry === undefined ? { ...still, zero: true } : lawOf(entry.amount)
  if (noise === null) return { reason: 'the drift is an expression in n, so the drift beyond the horizon is not known' }
  const from = Math.max(eta.from, noise.from)
  const base = { from, offset: eta.offset, p: eta.exponent }
  if (noise.zero) return { ...base, silent: true, fall: () => ({ place: 1, e: 1 }) }
  const scale = entry?.form === 'additive' ? entry.scale : 'sigma'
  // Depending on `scale`, s_n^2 / eta_n is eta sigma^2, s^2 / eta or 2 T. If sigma, s or T is a power of n, then
  // s_n^2 / eta_n is the product of two powers. The power that comes from eta has the exponent -ofEta, and the power
  // that comes from the noise has the exponent -amount.
  const ofEta = { sigma: 1, step: -1, temperature: 0 }[scale] * eta.exponent
  const times = scale === 'temperature' ? 1 : 2
  const amount = times * noise.exponent
  const isGeometric = noise.fall > 0
  if (!isGeometric && ofEta + amount <= 0)
    return { reason: scale === 'temperature' ? 'the temperature does not decrease' : 'the drift does not decrease' }
  // To bound the product by a single power of n, both powers get the same offset. With this offset, the single power
  // falls at most as fast as the product.
  const place = isGeometric ? eta.offset : placeOf(eta, noise, ofEta, amount)
  if (place === null) return { reason: 's_n^2 / eta_n may grow before it falls, so no single power of n bounds it' }
  return {
    ...base,
    silent: false,
    fall(k, contraction) {
      if (!isGeometric) return { place, e: ofEta + amount }
      // rate^(n - k) <= ((place + n) / (place + k))^-q as long as q <= ln(1 / rate) (place + k).
      const q = times * noise.fall * (place + k)
      return { place, e: Math.min(ofEta + q, share * contraction * (place + k)) }
    },
  }
}

function placeOf(eta: Law, noise: Law, ofEta: number, amount: number): number | null {
  if (ofEta === 0) return noise.offset
  if (amount === 0) return eta.offset
  if (ofEta > 0 && amount > 0) return Math.max(eta.offset, noise.offset)
  // One power falls and the other grows. The common offset is the offset of the falling power. If this offset
  // exceeds the offset of the growing power, the bound would underestimate the growth, so the result is null.
  if (ofEta > 0) return eta.offset <= noise.offset ? eta.offset : null
  return noise.offset <= eta.offset ? noise.offset : null
}

const still: Law = { from: 0, offset: 1, exponent: 0, fall: 0, zero: false }

function lawOf(schedule: Schedule): Law | null {
  switch (schedule.kind) {
    case 'constant':
      return { ...still, zero: schedule.value === 0 }
    case 'power':
      return { ...still, offset: schedule.offset, exponent: schedule.exponent, zero: schedule.initial === 0 }
    case 'exponential':
      if (schedule.rate > 1) return { ...still, exponent: -1 }
      return {
        ...still,
        fall: schedule.rate > 0 ? -elementary.log(schedule.rate) : 0,
        zero: schedule.initial === 0 || schedule.rate === 0,
        from: schedule.rate === 0 ? 1 : 0,
      }
    case 'cosine':
      return { ...still, from: schedule.steps, zero: schedule.final === 0 }
    case 'piecewise': {
      const [from, value] = schedule.points.at(-1)!
      return { ...still, from, zero: value === 0 }
    }
    case 'expression':
      return null
  }
}
