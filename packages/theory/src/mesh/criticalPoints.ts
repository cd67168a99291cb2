import { hessian, norm, solve } from '@driftfarm/formula'
import { gradientAt, slopeOf } from '@driftfarm/kernel'
import { cutLine } from './lineMesh.ts'
import type { OracleChain } from './walk.ts'

export interface SearchBox {
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** The distance between evaluations along a line. In a plane, two points closer than this count as one. */
  readonly step: number
}

const newton = { begins: 16, steps: 40 } as const
/** The largest number of points in a plane. */
const most = 32
/** Newton's method ends when its step is shorter than this share of `SearchBox.step`. */
const arrived = 1e-6
/** Half the width of a difference of gradients, in units of `SearchBox.step`. */
const relativeDifference = 1e-3

/**
 * Finds points of a box where the gradient vanishes, in one or two dimensions. The flood of `reachableRegion` evaluates
 * regions only at points that are `step` apart. Without the critical points, the flood would miss a small region in
 * which trials converge. On a line, each sign change of the gradient between neighbouring evaluations gives one point.
 * A plane is searched by Newton's method from a grid.
 */
export function criticalPoints(gradient: OracleChain['gradient'], box: SearchBox): readonly (readonly number[])[] {
  return box.low.length === 1 ? onLine(gradient, box) : inPlane(gradient, box)
}

function onLine(gradient: OracleChain['gradient'], { low, high, step }: SearchBox): number[][] {
  const slopeAt = slopeOf(gradient)
  const segments = cutLine((x) => slopeAt(x) <= 0, low[0]!, high[0]!, step)
  return segments.slice(1).map(({ from }) => [from])
}

function inPlane(gradient: OracleChain['gradient'], { low, high, step }: SearchBox): number[][] {
  const points: number[][] = []
  const { begins } = newton
  for (let i = 0; i < begins && points.length < most; i++)
    for (let j = 0; j < begins && points.length < most; j++) {
      const begin = [i, j].map((k, axis) => low[axis]! + ((high[axis]! - low[axis]!) * (k + 0.5)) / begins)
      const point = newtonFrom(gradient, begin, step)
      if (point === null || point.some((x, axis) => !(x >= low[axis]! && x <= high[axis]!))) continue
      if (!points.some((other) => Math.hypot(point[0]! - other[0]!, point[1]! - other[1]!) < step)) points.push(point)
    }
  return points
}

function newtonFrom(gradient: OracleChain['gradient'], begin: readonly number[], step: number): number[] | null {
  let at = Float64Array.from(begin)
  for (let k = 0; k < newton.steps; k++) {
    const move = solve(hessian(gradient, at, step * relativeDifference), 0, gradientAt(gradient, at))
    if (move === null || !move.every(Number.isFinite)) return null
    at = at.map((x, i) => x - move[i]!)
    if (norm(move) < arrived * step) return [...at]
  }
  return null
}
