import { cholesky, solved } from './cholesky.ts'
import type { Design } from './design.ts'
import type { Parameter } from './fit.ts'
import { evaluate, type Maximum, maximise, type Problem } from './maximise.ts'
import { dot, orthogonal } from './orthogonal.ts'

const mostDoublings = 60
const mostBisections = 100

interface Best {
  /** The coefficient at the maximum. */
  readonly value: number
  /** The predictor of each cell at the maximum. */
  readonly predictor: Float64Array
  /** The deviance up to which a value lies within the limits. */
  readonly target: number
}

/**
 * Limits of a coefficient by the profile likelihood: where the deviance, minimised over all other coefficients, rises
 * to the target on either side. The other columns are made orthogonal, and of the own column only what they do not
 * hold is varied, so that the others hardly have to follow.
 */
export function profile(
  problem: Omit<Problem, 'offset' | 'columns'>,
  { columns }: Design,
  own: number,
  { value, predictor, target }: Best,
): Parameter {
  const others = orthogonal(columns.filter((_, at) => at !== own)).basis
  const alone = Float64Array.from(columns[own]!)
  for (let pass = 0; pass < 2; pass++)
    for (const direction of others) {
      const share = dot(direction, alone)
      for (let i = 0; i < alone.length; i++) alone[i]! -= share * direction[i]!
    }
  const best = Float64Array.from(others, (direction) => dot(direction, predictor))
  const at = evaluate({ ...problem, columns: [...others, alone], offset: null }, Float64Array.of(...best, value))
  if (at === null) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const { lean, spread } = quadratic(at)
  const beyond = (shift: number): boolean => {
    const held: Problem = { ...problem, columns: others, offset: alone.map((each) => (value + shift) * each) }
    const reached =
      maximise(
        held,
        best.map((each, k) => each + lean[k]! * shift),
      ) ?? maximise(held, best)
    return reached === null || reached.deviance > target
  }
  const limit = (side: 1 | -1): number => {
    let outside = side * spread
    for (let round = 0; !beyond(outside); round++) {
      if (round === mostDoublings) return side * Number.POSITIVE_INFINITY
      outside *= 2
    }
    let inside = 0
    for (let round = 0; round < mostBisections && Math.abs(outside - inside) > 1e-9 * Math.abs(outside); round++) {
      const middle = (inside + outside) / 2
      if (beyond(middle)) outside = middle
      else inside = middle
    }
    return value + outside
  }
  return { value, low: limit(-1), high: limit(1) }
}

/**
 * Of the likelihood near its maximum, the last coefficient being the own one: by how much the others follow it, and
 * its standard error.
 */
function quadratic({ information }: Maximum): { readonly lean: Float64Array; readonly spread: number } {
  const own = information.at(-1)!
  const last = own.length - 1
  const among = information.slice(0, last).map((row) => row.subarray(0, last))
  const lower = cholesky(among)
  const lean = lower === null ? new Float64Array(last) : solved(lower, own.subarray(0, last)).map((each) => -each)
  const rest = own[last]! + dot(lean, own.subarray(0, last))
  return { lean, spread: 1 / Math.sqrt(rest > 0 ? rest : own[last]!) }
}
