import { logOnePlus } from '@driftfarm/statistics'
import { Marginals } from './product.ts'
import { type Contraction, mostSteps, type Within } from './steps.ts'

/**
 * The largest N with s_N >= 1 - delta, for a chain whose steps all have the same law; Infinity where nothing ever
 * leaves.
 */
export function safeHorizon(contraction: Contraction, within: Pick<Within, 'radius' | 'start'>, delta: number): number {
  const marginals = new Marginals(contraction, within)
  let left = -logOnePlus(-delta)
  for (let n = 0; n < mostSteps; n++) {
    const { logInside, changed } = marginals.next()
    if (!changed) return n + (logInside === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / -logInside))
    left += logInside
    if (left < 0) return n
  }
  return mostSteps
}
