import { type Asked, finalCertificate } from '../certificate/certificate.ts'
import type { Refusal } from '../chain.ts'
import type { Interval } from '../interval/interval.ts'
import { decayOf } from './decay.ts'
import { foreverBound, Path } from './forever.ts'
import type { Contraction } from './steps.ts'

/** A proven lower bound of the probability that theta_n converges to the minimum, never having escaped. */
export interface Convergence {
  readonly s: number
  /** 1 - s without subtraction. */
  readonly escape: number
  /** Up to here, the horizon, the chain is followed; from there on the infinite product bounds it. */
  readonly steps: number
  /** The part of it from the horizon on for a trial that is at the minimum then, 1 - s_inf(0). */
  readonly after: number
}

/**
 * Distances of the horizon that the infinite product is computed for, as shares of the radius; the next larger counts.
 */
const levels = 24

export interface ConvergenceQuestion {
  readonly asked: Asked
  /** The bounding chain; null where the update has none. */
  readonly contraction: Contraction | null
  /** Whether conditions 1 and 2 hold on the ball, and the drift is Gaussian. */
  readonly holds: boolean
  /** Whether the ball is known not to meet the escape set. */
  readonly misses: boolean
  readonly radius: number
  readonly minimum: readonly number[]
}

/**
 * Theorem 2 with the corollary of Theorem 1: P(theta_n -> theta*) >= 1 - E W(theta_N), W = 1 where a trial has escaped
 * or is outside the ball, and 1 - s_inf(D_N) inside it.
 */
export function convergenceOf({
  asked,
  contraction,
  holds,
  misses,
  radius,
  minimum,
}: ConvergenceQuestion): Convergence | Refusal {
  if (contraction === null) return { reason: 'the update is not covered' }
  if (contraction.stationary) return { reason: 'eta and the drift are constant: no trial converges' }
  if (!holds) return { reason: 'conditions 1 and 2 do not hold with Gaussian drift' }
  if (!misses) return { reason: 'the ball may meet the escape set' }
  const decay = decayOf(asked.cell)
  if ('reason' in decay) return decay
  const { steps } = asked.cell.trial
  const path = new Path(contraction, radius, steps)
  const known = new Map<number, number>()
  const failsFrom = (level: number): number => {
    const value = known.get(level)
    if (value !== undefined) return value
    const found = foreverBound(path, decay, (level * radius) / levels)
    const escape = 'reason' in found ? 1 : found.escape
    known.set(level, escape)
    return escape
  }
  const after = failsFrom(0)
  if (after >= 1) return { reason: 'the infinite product from the horizon on says nothing' }
  const [center] = minimum as readonly [number]
  const final = ([low, high]: Interval): number => {
    const distance = Math.max(Math.abs(low - center), Math.abs(high - center))
    const level = Math.ceil((distance / radius) * levels * (1 + 1e-12))
    return level < levels ? failsFrom(level) : 1
  }
  const found = finalCertificate(asked, final)
  if ('reason' in found) return found
  return { s: Math.max(0, 1 - found.escape), escape: found.escape, steps, after }
}
