import { type BallStart, type Contraction, maxSteps } from './steps.ts'

/**
 * Returns the bound (D_0^2 + d sum s_n^2) / r^2, which follows from Doob's inequality for D^2. It holds for any drift
 * with mean zero and variance s_n^2 in each coordinate, and may exceed 1. Returns null if the steps differ (a
 * schedule) and there are more than a million of them.
 */
export function doobBound(
  { dimension, scale, stationary }: Contraction,
  { radius, start, steps }: BallStart,
): number | null {
  if (!stationary && steps > maxSteps) return null
  let sum = stationary ? steps * scale(0) ** 2 : 0
  if (!stationary) for (let n = 0; n < steps; n++) sum += scale(n) ** 2
  return (start * start + dimension * sum) / (radius * radius)
}
