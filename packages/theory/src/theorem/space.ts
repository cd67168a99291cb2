import type { LandscapeFunction } from '@driftfarm/kernel'
import type { Ball } from '../interval/box.ts'
import { type Derivatives, triplesOf } from '../interval/derivatives.ts'
import { point } from '../interval/interval.ts'
import { certifiedCurvature, isBoundable, OperationBudget, sampledCurvature } from './curvature.ts'

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
  const derivatives: Derivatives | null =
    of === null
      ? null
      : {
          ...of,
          dimension: size,
          blocks: of.blocks.flatMap((block) => {
            const part = block.flatMap((i) => (among.includes(i) ? [among.indexOf(i)] : []))
            return part.length === 0 ? [] : [part]
          }),
          loss: (box) => of.loss(full(box, (i) => point(minimum[i]!))),
          gradient: (box) => among.map((i) => of.gradient(full(box, (j) => point(minimum[j]!)))[i]!),
          hessian: (box) => {
            const all = of.hessian(full(box, (i) => point(minimum[i]!)))
            return among.flatMap((i) => among.map((j) => all[i * minimum.length + j]!))
          },
          each: (box) =>
            of.each(full(box, (i) => point(minimum[i]!))).map(({ gradient, hessian }) => ({
              gradient: among.map((i) => gradient[i]!),
              hessian: among.flatMap((i) => among.map((j) => hessian[i * minimum.length + j]!)),
            })),
          third: (box) => {
            const all = of.third(full(box, (i) => point(minimum[i]!)))
            const triples = triplesOf(minimum.length)
            return triplesOf(size).map((triple) => {
              const [i, j, k] = triple.map((at) => among[at]!).sort((a, b) => a - b)
              return all[triples.findIndex(([a, b, c]) => a === i && b === j && c === k)]!
            })
          },
        }
  return { center, landscape, derivatives }
}

export function reduced({ cost, ...whole }: Whole, among: readonly number[]) {
  const { center, landscape, derivatives } = restricted(whole, among)
  const size = among.length
  const budget = new OperationBudget()
  const ball = (radius: number): Ball => ({ center, radius })
  const sampled = (radius: number, count: number) => sampledCurvature(landscape, ball(radius), count, cost)
  const sure = (radius: number, count: number) => {
    if (derivatives === null || !isBoundable(derivatives)) return sampled(radius, count)
    return certifiedCurvature(derivatives, ball(radius), count, budget)
  }
  const isSpent = () => budget.isExhausted
  return { isSpent, center, landscape, derivatives, sure, sampled, dimension: size }
}
