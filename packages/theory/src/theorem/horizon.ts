import { logOnePlus } from '@driftfarm/statistics'
import { tiny } from '../question/answer.ts'
import { factors } from './product.ts'
import type { BallStart, Contraction } from './steps.ts'

/** Above this, doubles cannot represent every integer. */
const maxHorizon = 2 ** 53

/**
 * Returns the largest N with s_N >= 1 - delta, for a stationary chain with drift. If the probability of leaving in one
 * step is below `tiny`, it is replaced by `tiny`, so N is at most about 1e300 times delta. If `factors` combines steps
 * in blocks to save time, N is a few per cent too small.
 */
export function safeHorizon(
  contraction: Contraction,
  within: Pick<BallStart, 'radius' | 'start'>,
  delta: number,
): number {
  let left = -logOnePlus(-delta)
  let taken = 0
  for (const { count, logInside } of factors(contraction, { ...within, steps: Number.POSITIVE_INFINITY })) {
    const fit = Math.floor(left / Math.max(tiny, -logInside))
    if (fit < count || taken > maxHorizon) return taken + Math.min(fit, count)
    taken += count
    left += count * logInside
  }
  return taken
}
