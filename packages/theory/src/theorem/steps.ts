/** The steps of the bounding chain for n = 0, 1, .. */
export interface Contraction {
  readonly dimension: number
  /** rho_n >= 0, with |theta - eta_n grad L(theta) - theta*| <= rho_n |theta - theta*| in the ball. */
  rho(n: number): number
  /** The standard deviation s_n of the step in each coordinate. */
  scale(n: number): number
  readonly stationary: boolean
}

/** The radius of the ball, the distance D_0 < radius of the start from its center, and the number of steps N. */
export interface BallStart {
  readonly radius: number
  readonly start: number
  readonly steps: number
}

/** The largest number of different steps over which bounds are summed. */
export const maxSteps = 1_000_000

/** The largest rho_n of all steps, or of the first million steps if a schedule has more. */
export function largestRho({ rho, stationary }: Contraction, steps: number): number {
  let largest = 0
  const count = stationary ? 1 : Math.min(steps, maxSteps)
  for (let n = 0; n < count; n++) largest = Math.max(largest, rho(n))
  return largest
}
