import type { LandscapeFunction } from '@driftfarm/kernel'
import type { Ball } from '../interval/box.ts'
import { type Derivatives, triplesOf } from '../interval/derivatives.ts'
import { type Interval, point } from '../interval/interval.ts'
import type { Curvature } from '../shapes/index.ts'
import { certifiedCurvature, isBoundable, newBudget, sampledCurvature } from './curvature.ts'

export interface ChosenBall {
  /** The only radius considered, if an option or the cell's escape gives one. */
  readonly fixed: number | null
  /** The largest radius considered. */
  readonly most: number
  /** The smallest radius considered. The ball must contain the start, whose distance from the centre is D_0. */
  readonly least: number
  /** Lower is better; Infinity means that nothing is proven. */
  readonly score: (curvature: Curvature) => number
}

const octaves = 14
const maxHalvings = 12
const nestedBalls = 16

/**
 * If the bounds of two balls are equal and not below 1, the larger ball is better, because trials leave it less often.
 */
const isLargerBetter = (larger: number, smaller: number): boolean =>
  larger < smaller || (larger === smaller && larger >= 1 && larger < Number.POSITIVE_INFINITY)

export function chooseBall(
  { sure, sampled, dimension, isSpent }: ReturnType<typeof reduced>,
  { fixed, most, least, score }: ChosenBall,
): Curvature {
  const count = dimension > 64 ? 2 : nestedBalls
  // In one dimension, the bound on the mean curvature of a ball does not need the curvatures of smaller balls.
  if (fixed !== null) return sure(fixed, dimension === 1 ? 1 : count).at(-1)!
  const samples = dimension === 1 ? 64 : dimension === 2 ? 16 : 4
  // In high dimensions only two radii are tried, because each is expensive.
  const tries = dimension > 64 ? 2 : 2 * octaves
  const radii = Array.from({ length: tries }, (_, k) => most / 2 ** (k / 2)).filter((radius) => radius > least)
  let best = { radius: most, value: Number.POSITIVE_INFINITY }
  for (const radius of radii.reverse()) {
    const value = score(sampled(radius, samples).at(-1)!)
    if (isLargerBetter(value, best.value)) best = { radius, value }
    // If nothing can be proven on a ball, nothing can be proven on a larger ball. The samples of the larger ball may
    // suggest otherwise, because they are farther apart.
    else if (value === Number.POSITIVE_INFINITY && best.value < value) break
  }
  // If less can be proven on a large ball than the samples suggest, a smaller ball is tried. Before each proof, the
  // samples are tested. Without this test, attempts on balls that are too large would use up the budget of operations.
  let found: Curvature | null = null
  for (let top = Math.min(most, 1.2 * best.radius), k = 0; k < maxHalvings && top > least; k++, top /= 2) {
    const promising = sampled(top, samples).findLast((ball) => score(ball) < Number.POSITIVE_INFINITY)
    if (promising === undefined) continue
    top = Math.min(top, 1.2 * promising.radius)
    found = sure(top, count).reduce((one, other) => (isLargerBetter(score(other), score(one)) ? other : one))
    if (score(found) < Number.POSITIVE_INFINITY || isSpent()) break
  }
  return found ?? sure(most, count).at(-1)!
}

interface Whole {
  readonly landscape: LandscapeFunction
  readonly derivatives: Derivatives | null
  readonly minimum: readonly number[]
  /** Nanoseconds per gradient. */
  readonly cost: number
}

/** The coordinates outside `among` are fixed at their values in `minimum`. */
export function restricted(
  { landscape: whole, derivatives: of, minimum }: Omit<Whole, 'cost'>,
  among: readonly number[],
) {
  const size = among.length
  const center = among.map((i) => minimum[i]!)
  const full = <T>(part: ArrayLike<T>, rest: (i: number) => T): T[] => {
    const all = minimum.map((_, i) => rest(i))
    among.forEach((coordinate, i) => {
      all[coordinate] = part[i]!
    })
    return all
  }
  const landscape: LandscapeFunction = {
    dimension: size,
    rounding: whole.rounding,
    effort: whole.effort,
    loss: (theta) => whole.loss(Float64Array.from(full(theta, (i) => minimum[i]!))),
    gradient: (theta, out) => {
      const all = new Float64Array(minimum.length)
      whole.gradient(Float64Array.from(full(theta, (i) => minimum[i]!)), all)
      among.forEach((coordinate, i) => {
        out[i] = all[coordinate]!
      })
    },
  }
  const fixed = (i: number) => point(minimum[i]!)
  const squares = among.flatMap((i) => among.map((j) => i * minimum.length + j))
  const triples = triplesOf(minimum.length)
  const cubes = triplesOf(size).map((triple) => {
    const [i, j, k] = triple.map((at) => among[at]!).sort((a, b) => a - b)
    return triples.findIndex(([a, b, c]) => a === i && b === j && c === k)
  })
  const parts = (all: readonly Interval[], indices: readonly number[]) => indices.map((i) => all[i]!)
  const derivatives: Derivatives | null = of && {
    ...of,
    dimension: size,
    blocks: of.blocks
      .map((block) => block.filter((i) => among.includes(i)).map((i) => among.indexOf(i)))
      .filter((block) => block.length > 0),
    loss: (box) => of.loss(full(box, fixed)),
    gradient: (box) => parts(of.gradient(full(box, fixed)), among),
    hessian: (box) => parts(of.hessian(full(box, fixed)), squares),
    third: (box) => parts(of.third(full(box, fixed)), cubes),
    each: (box) =>
      of.each(full(box, fixed)).map(({ gradient, hessian }) => ({
        gradient: parts(gradient, among),
        hessian: parts(hessian, squares),
      })),
  }
  return { center, landscape, derivatives }
}

/**
 * The coordinates outside `among` are fixed at their values in `minimum`. `sure` and `sampled` return the curvature on
 * the balls of radius k / count * radius, for k = 1 .. count. The bounds of `sure` are as rigorous as possible; the
 * bounds of `sampled` are quick estimates.
 */
export function reduced({ cost, ...whole }: Whole, among: readonly number[]) {
  const { center, landscape, derivatives } = restricted(whole, among)
  const size = among.length
  const budget = newBudget()
  const ball = (radius: number): Ball => ({ center, radius })
  const sampled = (radius: number, count: number) => sampledCurvature(landscape, ball(radius), count, cost)
  const sure = (radius: number, count: number) => {
    if (derivatives === null || !isBoundable(derivatives)) return sampled(radius, count)
    return certifiedCurvature(derivatives, ball(radius), count, budget)
  }
  const isSpent = () => budget.left <= 0
  return { isSpent, center, landscape, derivatives, sure, sampled, dimension: size }
}
