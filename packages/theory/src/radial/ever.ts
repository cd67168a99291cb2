import { settle } from '../oracle/rate.ts'
import { eliminate } from '../oracle/visits.ts'
import { RadialGrid, type RadialStep } from './grid.ts'

/** Properties of the chain R' = |rho R e_1 + scale xi| in a ball, without a horizon. */
export interface RadialEver {
  /** The mean number of steps until the chain first leaves the ball. */
  readonly meanExit: number
  /**
   * The probability that a trial that has survived many steps leaves in the next step: 1 minus the leading eigenvalue
   * of the kernel.
   */
  readonly rate: number
}

/**
 * Elimination without subtraction (Grassmann, Taksar and Heyman, 1985) loses no digit, even if a row of the kernel sums
 * to 1 - 1e-12. Values beyond the range of doubles are infinite or NaN.
 */
export function radialEver(
  { dimension, radius, start, ...step }: RadialStep & { dimension: number; radius: number; start: number },
  nodesPerScale = 5,
): RadialEver {
  const grid = new RadialGrid(dimension, radius, Math.ceil((nodesPerScale * radius) / step.scale) + 26)
  const size = grid.nodes.length
  const ended = grid.exits(step)
  const visits = eliminate(size, grid.kernel(step), Float64Array.from(ended))
  const expected = visits.from(grid.row(start, step))
  const meanExit = expected.reduce((sum, times) => sum + times, 1)
  if (!Number.isFinite(meanExit)) return { meanExit, rate: Number.NaN }
  const lost = new Float64Array(size)
  return { meanExit, rate: settle({ size }, { ended, lost }, visits, expected).rate }
}
