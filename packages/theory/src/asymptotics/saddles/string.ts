import type { LandscapeFunction } from '@driftfarm/kernel'
import { norm } from '../../linear/matrix.ts'

const images = 25
const rounds = 200

/**
 * Returns points near the saddles between two minima, by the string method (E, Ren and Vanden-Eijnden, J. Chem. Phys.
 * 126, 2007). `stiffness` is the largest curvature at the two minima.
 */
export function passesBetween(
  landscape: LandscapeFunction,
  from: Float64Array,
  to: Float64Array,
  stiffness: number,
): Float64Array[] {
  const share = (t: number) => from.map((x, i) => x + t * (to[i]! - x))
  let string: Float64Array[] = Array.from({ length: images }, (_, i) => share(i / (images - 1)))
  const gradient = new Float64Array(from.length)
  for (let round = 0; round < rounds; round++) {
    const moved = string.map((theta, i) => {
      if (i === 0 || i === images - 1) return theta
      landscape.gradient(theta, gradient)
      const rate = Math.min(0.2 / stiffness, (0.05 * (1 + norm(theta))) / (norm(gradient) || 1))
      return theta.map((x, j) => x - rate * gradient[j]!)
    })
    string = equallySpaced(moved)
  }
  const losses = string.map((theta) => landscape.loss(theta))
  return string.filter(
    (_, i) => i > 0 && i < images - 1 && losses[i]! >= losses[i - 1]! && losses[i]! >= losses[i + 1]!,
  )
}

function equallySpaced(points: readonly Float64Array[]): Float64Array[] {
  const lengths = [0]
  for (let i = 1; i < points.length; i++)
    lengths.push(lengths[i - 1]! + norm(points[i]!.map((x, j) => x - points[i - 1]![j]!)))
  const total = lengths.at(-1)!
  let at = 1
  return points.map((point, i) => {
    if (i === 0 || i === points.length - 1) return point
    const wanted = (total * i) / (points.length - 1)
    while (at < points.length - 1 && lengths[at]! < wanted) at++
    const [left, right] = [points[at - 1]!, points[at]!]
    const span = lengths[at]! - lengths[at - 1]! || 1
    const part = (wanted - lengths[at - 1]!) / span
    return left.map((x, j) => x + part * (right[j]! - x))
  })
}
