import type { Interval } from '../interval/interval.ts'
import type { CertifiedLaw } from './law.ts'

/** Bounds on the noise-free step m(x) = x - eta L'(x) over an interval. */
export interface LineMap {
  value(at: Interval): Interval
  slope(at: Interval): Interval
  /** Bounds on the second derivative of m; unbounded where the gradient has a kink. */
  bend(at: Interval): Interval
}

/** One step of the chain, theta' = m(theta) + scale xi. */
export interface LineMove {
  readonly map: LineMap
  readonly scale: number
  readonly law: CertifiedLaw
}
