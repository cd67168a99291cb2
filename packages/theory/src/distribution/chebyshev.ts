import { elementary } from '@driftfarm/formula'
import { cellAt } from '../bisect.ts'

const { cos } = elementary

const count = 20
/**
 * The interpolation is tested at these points of a panel, which is scaled to [-1, 1]. Each point is between two nodes.
 */
const samplePoints = [-0.985, -0.62, 0.15, 0.55, 0.985]
const maxHalvings = 2

/**
 * Interpolates positive functions on [from, to] by Chebyshev series, and returns the interpolated values: `which` is
 * the index of the function, from 0. `longest` gives the length of the longest panel that may begin at x. The relative
 * error is tested between the nodes.
 */
export function interpolated(
  from: number,
  to: number,
  longest: (x: number) => number,
  evaluate: (x: number) => readonly number[],
  tolerance: number,
): (x: number, which: number) => number {
  const cuts = [from]
  const pieces: Float64Array[][] = []
  const put = (a: number, b: number, depth: number): void => {
    const series = chebyshevCoefficients(a, b, evaluate)
    const isPrecise = samplePoints.every((t) => {
      const right = evaluate(0.5 * (a + b) + 0.5 * (b - a) * t)
      return right.every((value, which) => Math.abs(clenshaw(series[which]!, t) / value - 1) <= tolerance)
    })
    if (isPrecise || depth === maxHalvings) {
      cuts.push(b)
      pieces.push(series)
      return
    }
    const middle = 0.5 * (a + b)
    put(a, middle, depth + 1)
    put(middle, b, depth + 1)
  }
  for (let a = from; a < to; ) {
    const length = longest(a)
    const b = a + 2 * length > to ? (a + length < to ? 0.5 * (a + to) : to) : a + length
    put(a, b, 0)
    a = b
  }
  return (x, which) => {
    const at = cellAt(cuts, x)
    const [a, b] = [cuts[at]!, cuts[at + 1]!]
    return clenshaw(pieces[at]![which]!, (x - a - (b - x)) / (b - a))
  }
}

function chebyshevCoefficients(a: number, b: number, evaluate: (x: number) => readonly number[]): Float64Array[] {
  const values = Array.from({ length: count }, (_, i) =>
    evaluate(0.5 * (a + b) + 0.5 * (b - a) * cos((Math.PI * (i + 0.5)) / count)),
  )
  return values[0]!.map((_, which) =>
    Float64Array.from({ length: count }, (_, k) => {
      let sum = 0
      for (let i = 0; i < count; i++)
        sum += values[i]![which]! * cos((Math.PI * ((k * (2 * i + 1)) % (4 * count))) / (2 * count))
      return ((k === 0 ? 1 : 2) * sum) / count
    }),
  )
}

function clenshaw(coefficients: Float64Array, t: number): number {
  let one = 0
  let two = 0
  for (let k = coefficients.length - 1; k > 0; k--) {
    const next = 2 * t * one - two + coefficients[k]!
    two = one
    one = next
  }
  return t * one - two + coefficients[0]!
}
