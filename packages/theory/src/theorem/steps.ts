/** What a step of the bounding chain is made of, n = 0, 1, ... */
export interface Contraction {
  readonly dimension: number
  /** |theta - eta_n grad L(theta) - theta*| <= rho_n |theta - theta*| in the ball; in [0, 1). */
  rho(n: number): number
  /** Standard deviation of the step in each coordinate. */
  scale(n: number): number
  /** Whether both are the same at every n. */
  readonly stationary: boolean
}

/** D_0 < radius and N. */
export interface Within {
  readonly radius: number
  readonly start: number
  readonly steps: number
}

/** Bounds over more different steps than this are not summed. */
export const mostSteps = 1_000_000

/** Of all steps, as far as they are looked at. */
export function largestRho({ rho, stationary }: Contraction, steps: number): number {
  let largest = 0
  const count = stationary ? 1 : Math.min(steps, mostSteps)
  for (let n = 0; n < count; n++) largest = Math.max(largest, rho(n))
  return largest
}
