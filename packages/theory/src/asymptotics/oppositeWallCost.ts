import type { LandscapeFunction } from '@driftfarm/kernel'
import { hessian } from '../minima/curvature.ts'

/**
 * A climb in one dimension from a minimum to the saddle on one side. The mean of a step from x is the noise-free step
 * m(x) = x - eta L'(x).
 */
export interface Climb {
  readonly landscape: LandscapeFunction
  readonly eta: number
  readonly minimum: number
  readonly saddle: number
  /** The loss at the saddle minus the loss at the minimum. */
  readonly barrier: number
}

/** The number of grid points between the minimum and the saddle. */
const points = 240
/**
 * A path over the opposite wall counts only if it is cheaper than the straight climb by more than this share of the
 * climb's cost. The relative error of the grid is smaller than this share.
 */
const cheaper = 0.01
/**
 * A straight climb costs at most 4 eta times its barrier. The grid is too coarse if the cost on the grid is more than
 * this factor times 4 eta times the barrier.
 */
const coarse = 1.01
/** The search gives up if the costs still change after this many rounds: the cheapest path then has very many steps. */
const maxRounds = 400

/**
 * In one dimension, a trial may also leave over the opposite wall: up that wall to a point from which one long step
 * crosses the well. Returns the lowest cost of such a path, divided by the cost of the climb straight to the saddle.
 * The cost of a path is sum (x_{n+1} - m(x_n))^2, and both costs are found by dynamic programming on the same grid.
 * Returns null if no cheaper path over the opposite wall is found. If m is monotone, there is no such path, because
 * every step then keeps the order of the points.
 */
export function oppositeWallCost({ landscape, eta, minimum, saddle, barrier }: Climb): number | null {
  const side = saddle > minimum ? 1 : -1
  const spacing = Math.abs(saddle - minimum) / points
  // The grid extends up the opposite wall by the length of two steps that each cost as much as the climb.
  const outer = Math.min(2 * points, Math.ceil((2 * Math.sqrt(4 * eta * barrier)) / spacing))
  const places = Float64Array.from({ length: outer + points + 1 }, (_, k) => minimum + side * spacing * (k - outer))
  const turns = places.some((x) => eta * hessian(landscape, Float64Array.of(x)).values[0]! > 1)
  if (!turns) return null
  const slope = new Float64Array(1)
  const means = places.map((x) => {
    landscape.gradient(Float64Array.of(x), slope)
    return x - eta * slope[0]!
  })
  const thrown = minCost(places, means, outer)
  const straight = minCost(places.subarray(outer), means.subarray(outer), 0)
  // If the climb needs steps smaller than the grid spacing, the grid overstates the cost of the climb.
  if (thrown === null || straight === null || !(straight > 0 && straight <= coarse * 4 * eta * barrier)) return null
  const share = thrown / straight
  return share < 1 - cheaper ? share : null
}

/**
 * Returns the lowest cost of a path from the point with index `start` to the last point, or null if the costs still
 * change after `maxRounds` rounds.
 */
function minCost(places: Float64Array, means: Float64Array, start: number): number | null {
  const costs = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY)
  costs[start] = 0
  /** Points whose cost has fallen since the steps from them were last examined. */
  let cheapened = new Set([start])
  for (let round = 0; round < maxRounds; round++) {
    const next = new Set<number>()
    for (const i of cheapened)
      for (let j = 0; j < places.length; j++) {
        const step = places[j]! - means[i]!
        const through = costs[i]! + step * step
        if (through >= costs[j]! * (1 - 1e-12)) continue
        costs[j] = through
        next.add(j)
      }
    if (next.size === 0) return costs.at(-1)!
    cheapened = next
  }
  return null
}
