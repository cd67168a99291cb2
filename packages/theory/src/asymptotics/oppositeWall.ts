import { type LandscapeFunction, slopeOf } from '@driftfarm/kernel'
import { hessian } from '../minima/critical.ts'
import { fourDigits } from './asymptotic.ts'
import type { Passage, SaddleCase } from './passages.ts'

/** Cached by saddle, because three asymptotic formulas need these results. */
const throws = new WeakMap<object, number | 'none'>()

/**
 * The asymptotic formulas assume that the cheapest way out of the well is the climb straight to the saddle. In one
 * dimension, returns a remark if a cheaper way is found.
 */
export function oppositeWallRemark({ well, steps }: SaddleCase, { saddle, barrier }: Passage): readonly string[] {
  if (well.theta.length > 1) return []
  const { landscape, theta } = well
  const { eta } = steps
  const share = throws.get(saddle) ?? oppositeWallCost(landscape, eta, theta[0]!, saddle.theta[0]!, barrier) ?? 'none'
  throws.set(saddle, share)
  if (share === 'none') return []
  return [
    `with eta ${fourDigits(eta)}, one step can cross the well from a point high on the wall opposite to the saddle. ` +
      `Leaving in this way costs ${fourDigits(share)} times as much as the climb to the saddle, so trials at ` +
      'small T leave more often than this asymptotic formula predicts',
  ]
}

const points = 240
/**
 * A path over the opposite wall counts only if it is cheaper than the climb by this share, which is above the relative
 * error of the grid.
 */
const cheaper = 0.01
/**
 * A straight climb costs at most 4 eta times its barrier. If the steps of the climb are shorter than the grid spacing,
 * the computed cost is too high. A computed cost above this factor times 4 eta times the barrier is therefore rejected.
 */
const coarse = 1.01
const maxRounds = 400

/**
 * In one dimension, a trial may also leave by way of the opposite wall. It climbs that wall to a point from which one
 * long step crosses the well. Returns the lowest cost of such a path, divided by the cost of the climb straight to the
 * saddle. The cost of a path is sum (x_{n+1} - m(x_n))^2, where m(x) = x - eta L'(x) is the noise-free step. Returns
 * null if no path is cheaper than the climb. If m is monotone, no path is cheaper: m maps the minimum to itself, so a
 * noise-free step never carries a trial across the minimum.
 */
function oppositeWallCost(
  landscape: LandscapeFunction,
  eta: number,
  minimum: number,
  saddle: number,
  barrier: number,
): number | null {
  const side = saddle > minimum ? 1 : -1
  const spacing = Math.abs(saddle - minimum) / points
  // The grid also covers part of the opposite wall, up to twice the length sqrt(4 eta barrier). In one step, noise of
  // this length costs at least as much as the climb.
  const outer = Math.min(2 * points, Math.ceil((2 * Math.sqrt(4 * eta * barrier)) / spacing))
  const places = Float64Array.from({ length: outer + points + 1 }, (_, k) => minimum + side * spacing * (k - outer))
  const turns = places.some((x) => eta * hessian(landscape, Float64Array.of(x)).values[0]! > 1)
  if (!turns) return null
  const slopeAt = slopeOf(landscape.gradient)
  const means = places.map((x) => x - eta * slopeAt(x))
  const thrown = minCost(places, means, outer)
  const straight = minCost(places.subarray(outer), means.subarray(outer), 0)
  if (thrown === null || straight === null || !(straight > 0 && straight <= coarse * 4 * eta * barrier)) return null
  const share = thrown / straight
  return share < 1 - cheaper ? share : null
}

/** Returns null if the costs still change after `maxRounds` rounds, because the cheapest path has very many steps. */
function minCost(places: Float64Array, means: Float64Array, start: number): number | null {
  const costs = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY)
  costs[start] = 0
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
