import type { LandscapeFunction } from '@driftfarm/kernel'
import { hessian } from '../minima/curvature.ts'

/** A climb on one side of a minimum, by steps of noise-free mean m(x) = x - eta L'(x). */
export interface Climb {
  readonly landscape: LandscapeFunction
  readonly eta: number
  readonly minimum: number
  readonly saddle: number
  /** The loss at the saddle above that at the minimum. */
  readonly barrier: number
}

/** The number of points between minimum and saddle among which paths are searched for. */
const points = 240
/** A throw counts where it is cheaper by more than this share; the grid is off by less. */
const cheaper = 0.01
/** A climb costs at most 4 eta times its barrier, and on the grid at most this factor more. */
const coarse = 1.01
/** A path that has not settled after this many rounds is given up: it creeps in very many steps. */
const maxRounds = 400

/**
 * In one dimension: what a path costs at least that is thrown up the other wall, from where one long step leads across
 * the well, as a share of what the climb straight to the saddle costs. The cost of a path is sum (x_{n+1} - m(x_n))^2;
 * both are found by dynamic programming on one grid. null where no cheaper throw is found; there is none wherever m
 * does not turn round, as the order of points is then kept in every step.
 */
export function oppositeWallCost({ landscape, eta, minimum, saddle, barrier }: Climb): number | null {
  const side = saddle > minimum ? 1 : -1
  const spacing = Math.abs(saddle - minimum) / points
  // As far up as two throws lead for what the climb costs.
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
  // A climb by smaller steps than the grid has is overstated.
  if (thrown === null || straight === null || !(straight > 0 && straight <= coarse * 4 * eta * barrier)) return null
  const share = thrown / straight
  return share < 1 - cheaper ? share : null
}

/** The least cost of a path from the place numbered `start` to the last one; null where it is not found soon. */
function minCost(places: Float64Array, means: Float64Array, start: number): number | null {
  const costs = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY)
  costs[start] = 0
  /** Places that have become cheaper since steps from them were examined. */
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
