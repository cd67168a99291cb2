import { StatisticsError } from '../error.ts'

export interface MeasuredPoint {
  readonly x: number
  readonly y: number
  /** Variance of y; its inverse is the weight of the point. */
  readonly variance: number
}

/** y = intercept + slope x by weighted least squares. */
export interface Line {
  readonly slope: number
  readonly intercept: number
  /** The weighted mean of x, where the line is known best: slope and height at this x are independent. */
  readonly centre: number
  readonly slopeError: number
  readonly interceptError: number
  /** Weighted sum of squared residuals: chi-square with `freedom` degrees if the variances are right. */
  readonly chiSquare: number
  readonly freedom: number
}

/**
 * Fits a line. Needs at least two points that are not all at one x. Bevington and Robinson, Data Reduction and Error
 * Analysis, ch. 6.
 */
export function fitLine(points: readonly MeasuredPoint[]): Line {
  let weights = 0
  let centre = 0
  let height = 0
  for (const { x, y, variance } of points) {
    const weight = 1 / variance
    weights += weight
    centre += (weight * (x - centre)) / weights
    height += (weight * (y - height)) / weights
  }
  let squares = 0
  let products = 0
  for (const { x, y, variance } of points) {
    squares += ((x - centre) * (x - centre)) / variance
    products += ((x - centre) * (y - height)) / variance
  }
  if (!(squares > 0) || !Number.isFinite(products))
    throw new StatisticsError(
      'FIT',
      `${points.length} points`,
      'a line needs two different values of x and finite numbers',
    )
  const slope = products / squares
  return {
    slope,
    intercept: height - slope * centre,
    centre,
    slopeError: Math.sqrt(1 / squares),
    interceptError: Math.sqrt(1 / weights + (centre * centre) / squares),
    chiSquare: points.reduce((sum, { x, y, variance }) => {
      const residual = y - height - slope * (x - centre)
      return sum + (residual * residual) / variance
    }, 0),
    freedom: points.length - 2,
  }
}
