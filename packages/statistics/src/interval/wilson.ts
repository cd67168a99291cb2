import { normalQuantile } from '../special/normal.ts'
import { alphaOf, checkCounts, type Interval } from './interval.ts'

/**
 * The score interval (Wilson, 1927). Its exact coverage falls to 0.84 if about 0.2 events are expected, so use
 * Clopper-Pearson for rare events.
 */
export function wilson(k: number, n: number, confidence: number): Interval {
  return wilsonAt(k, n, alphaOf(confidence))
}

export function wilsonAt(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  const z = -normalQuantile(alpha / 2)
  return { low: lowerRoot(k, n, z), high: k === n ? 1 : upperRoot(k, n, z) }
}

/** The larger root of (p - k/n)^2 = z^2 p (1 - p) / n. */
function upperRoot(k: number, n: number, z: number): number {
  return larger(k, n, z) / (1 + (z * z) / n)
}

/** Uses the larger root and the product of both roots to avoid cancellation. */
function lowerRoot(k: number, n: number, z: number): number {
  if (k === 0) return 0
  const share = k / n
  return (share * share) / larger(k, n, z)
}

function larger(k: number, n: number, z: number): number {
  const share = k / n
  const spread = (z * z) / n
  return share + spread / 2 + z * Math.sqrt((share * (1 - share)) / n + (spread * spread) / (4 * z * z))
}
