import { norm } from '../linear/matrix.ts'
import type { BasinRelation } from './relation.ts'

/** The straight way alone, at 64 places: enough for landscapes of one dimension and for bowls. */
export const straightWay: BasinRelation = (landscape, a, b, tolerance) => {
  const [one, other] = [Float64Array.from(a), Float64Array.from(b)]
  const between = (t: number) => landscape.loss(one.map((x, i) => x + t * (other[i]! - x)))
  const [first, last] = [between(0), between(1)]
  const allowed = tolerance * norm(one.map((x, i) => x - other[i]!)) + 1e-14 * (1 + Math.abs(first))
  const highest = Math.max(...Array.from({ length: 64 }, (_, i) => between(i / 63)))
  if (highest > Math.max(first, last) + allowed) return 'two'
  if (Math.abs(first - last) <= allowed) return 'one'
  return first > last ? 'above' : 'below'
}
