import { Curvatures } from './curvatures.ts'
import type { CertifiedLaw } from './law.ts'
import type { CertificateMesh } from './lineMesh.ts'
import type { LineMap, LineMove } from './lineMove.ts'

/** A factor that covers the rounding error of a sum of many positive terms and of the operations after the sum. */
const roundedUp = 1 + 1e-11

/**
 * Maps a function V on the mesh `target` to an upper bound on x -> E V(m(x) + s xi) on the mesh `source`. V and the
 * bound are linear between nodes. At a node, the weights of the hat functions are rounded up. Between nodes, the bound
 * holds by Lemmas 2 and 3 of docs/appendix/proofs.md (`Curvatures`).
 */
export class LineStep {
  private readonly rows: readonly Row[]
  private readonly curvatures: Curvatures

  constructor(
    private readonly source: CertificateMesh,
    target: CertificateMesh,
    move: LineMove,
  ) {
    this.rows = Array.from(source.nodes, (x) => rowOf(target, move, x))
    this.curvatures = new Curvatures(source, target, move)
  }

  above(values: Float64Array): Float64Array {
    const { source, rows } = this
    const top = topOf(values)
    const found = Float64Array.from(rows, (row) => expectation(row, values, top))
    const lifts = this.curvatures.lifts(values)
    const lifted = new Float64Array(found.length)
    for (const { first, count } of source.pieces)
      for (let j = first; j < first + count; j++) {
        const left = j > first ? lifts[j - 1]! : 0
        const right = j < first + count - 1 ? lifts[j]! : 0
        lifted[j] = (found[j]! + Math.max(left, right)) * roundedUp
      }
    return atMostOne(lifted, source)
  }
}

/** Maps V to an upper bound on E V(m(x) + s xi) at one point x. */
export function pointStep(target: CertificateMesh, move: LineMove, x: number): (values: Float64Array) => number {
  const row = rowOf(target, move, x)
  return (values) => expectation(row, values, topOf(values)) * roundedUp
}

/**
 * If the value at a node exceeds 1, the node and its neighbours are set to 1. Linear interpolation still gives an upper
 * bound on a probability: it gives 1 between such a node and its neighbours, and at least the old value elsewhere.
 */
function atMostOne(values: Float64Array, { pieces }: CertificateMesh): Float64Array {
  const capped = new Float64Array(values.length)
  for (const { first, count } of pieces)
    for (let j = first; j < first + count; j++) {
      const isHigh =
        !(values[j]! < 1) || (j > first && !(values[j - 1]! <= 1)) || (j + 1 < first + count && !(values[j + 1]! <= 1))
      capped[j] = isHigh ? 1 : values[j]!
    }
  return capped
}

/** The random point center + scale xi. */
export interface Spread {
  readonly center: number
  readonly scale: number
  readonly law: CertifiedLaw
}

/**
 * Maps V to an upper bound on E V at a random point. In each gap of the mesh, V is 0 or 1. Here V is set to 1 in all
 * gaps, which can only raise the bound.
 */
export function spreadMean(
  { nodes, pieces }: CertificateMesh,
  { center, scale, law }: Spread,
): (values: Float64Array) => number {
  const still: LineMap = { value: (at) => at, slope: () => [1, 1], bend: () => [0, 0] }
  const mesh = { nodes, pieces, gaps: [...pieces.map(() => 1 as const), 1 as const] }
  return pointStep(mesh, { map: still, scale, law }, center)
}

/** The largest value of V. It is at least 1, because V is 1 where trials have escaped. */
export function topOf(values: Float64Array): number {
  let top = 1
  for (let i = 0; i < values.length; i++) if (values[i]! > top) top = values[i]!
  return top
}

interface Row {
  readonly first: number
  readonly weights: Float64Array
  /** The probability that the step lands in a gap where the value is 1. */
  readonly off: number
  /** The probability that |xi| exceeds `law.reach`. For such a step, V is replaced by its largest value. */
  readonly beyond: number
}

function expectation({ first, weights, off, beyond }: Row, values: Float64Array, top: number): number {
  let sum = off + beyond * top
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * values[first + k]!
  return sum
}

function rowOf({ nodes, pieces, gaps }: CertificateMesh, { map, scale, law }: LineMove, x: number): Row {
  const mean = map.value([x, x])
  const center = 0.5 * (mean[0] + mean[1])
  const shift = ((mean[1] - mean[0]) / scale) * 0.5 + (Math.abs(center) / scale) * rounding
  // If the mean is unbounded, nothing is known about where the step lands.
  if (!(shift < Number.POSITIVE_INFINITY)) return { first: 0, weights: new Float64Array(0), off: 1, beyond: 1 }
  const z = (t: number): number => (t - center) / scale
  const all = new Float64Array(nodes.length)
  let off = 0
  let from = Number.NEGATIVE_INFINITY
  pieces.forEach(({ first, count }, p) => {
    if (gaps[p] === 1) off += law.mass(from, z(nodes[first]!), shift)
    for (let i = first; i + 1 < first + count; i++) {
      const [low, high] = [z(nodes[i]!), z(nodes[i + 1]!)]
      if (low - shift > law.reach || high + shift < -law.reach) continue
      const { falling, rising } = law.hats(low, high, shift)
      all[i]! += falling
      all[i + 1]! += rising
    }
    from = z(nodes[first + count - 1]!)
  })
  if (gaps[pieces.length] === 1) off += law.mass(from, Number.POSITIVE_INFINITY, shift)
  const beyond =
    law.reach === Number.POSITIVE_INFINITY ? 0 : 2 * law.mass(law.reach - shift, Number.POSITIVE_INFINITY, shift)
  const first = all.findIndex((weight) => weight > 0)
  const end = all.findLastIndex((weight) => weight > 0) + 1
  return first < 0
    ? { first: 0, weights: new Float64Array(0), off, beyond }
    : { first, weights: all.slice(first, end), off, beyond }
}

/** An upper bound on the relative rounding error of a difference of two doubles. */
const rounding = 4e-16
