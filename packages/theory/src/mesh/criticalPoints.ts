import { bisect } from '../bisect.ts'
import { gradientAt, slopeOf } from '../gradient.ts'
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
/** Enough halvings to exhaust the precision of doubles. */
const halvings = 80

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
  const [from, to] = [low[0]!, high[0]!]
  const count = Math.max(1, Math.ceil((to - from) / step))
  const points: number[][] = []
  let before = { x: from, slope: slopeAt(from) }
  for (let i = 1; i <= count; i++) {
    const x = from + ((to - from) * i) / count
    const here = { x, slope: slopeAt(x) }
    if (before.slope <= 0 !== here.slope <= 0) points.push([zeroBetween(slopeAt, before.x, x)])
    before = here
  }
  return points
}

function zeroBetween(f: (x: number) => number, low: number, high: number): number {
  const isBelow = f(low) <= 0
  const [from, to] = bisect(low, high, (x) => f(x) <= 0 !== isBelow, halvings)
  return Math.abs(f(from)) < Math.abs(f(to)) ? from : to
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
  const apart = step * 1e-3
  const at = (x: number, y: number) => gradientAt(gradient, [x, y])
  let [x, y] = begin as [number, number]
  for (let k = 0; k < newton.steps; k++) {
    const [g, right, left, up, down] = [
      at(x, y),
      at(x + apart, y),
      at(x - apart, y),
      at(x, y + apart),
      at(x, y - apart),
    ]
    const a = (right[0]! - left[0]!) / (2 * apart)
    const b = (up[0]! - down[0]!) / (2 * apart)
    const c = (right[1]! - left[1]!) / (2 * apart)
    const d = (up[1]! - down[1]!) / (2 * apart)
    const determinant = a * d - b * c
    const dx = (d * g[0]! - b * g[1]!) / determinant
    const dy = (a * g[1]! - c * g[0]!) / determinant
    if (!Number.isFinite(dx) || !Number.isFinite(dy)) return null
    x -= dx
    y -= dy
    if (Math.hypot(dx, dy) < arrived * step) return [x, y]
  }
  return null
}
