import { cholesky, dot, type Matrix, solveCholesky } from '@driftfarm/formula'
import type { Parameter } from './fit.ts'
import type { Design } from './leastSquares.ts'
import { orthogonal, split } from './leastSquares.ts'
import { evaluate, type Maximum, maximise, type Problem } from './maximise.ts'

const maxWidenings = 100
const maxRounds = 200
/** Precision of a limit, relative to its distance from the coefficient. */
const precision = 1e-10

interface Best {
  readonly value: number
  readonly predictor: Float64Array
  readonly deviance: number
  readonly target: number
}

/**
 * A profile-likelihood limit is where the deviance, minimised over all other coefficients, rises to the target. The
 * coefficient's own column is made orthogonal to the others, so that the other coefficients change little.
 */
export function profile(
  problem: Omit<Problem, 'offset' | 'columns'>,
  { columns }: Design,
  own: number,
  { value, predictor, deviance, target }: Best,
): Parameter {
  const others = orthogonal(columns.filter((_, at) => at !== own)).basis
  const alone = split(columns[own]!, others).rest
  const best: Float64Array = Float64Array.from(others, (direction) => dot(direction, predictor))
  const at = evaluate({ ...problem, columns: [...others, alone], offset: null }, Float64Array.of(...best, value))
  if (at === null) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const { lean, spread } = quadratic(at)
  let last = { shift: 0, coefficients: best }
  /** The square root of a profiled deviance is nearly linear, which makes the search for the limit fast. */
  const excess = (shift: number): number => {
    const held: Problem = { ...problem, columns: others, offset: alone.map((each) => (value + shift) * each) }
    const near = last.coefficients.map((each, k) => each + lean[k]! * (shift - last.shift))
    const reached = maximise(held, near) ?? maximise(held, best)
    if (reached === null) return Number.POSITIVE_INFINITY
    last = { shift, coefficients: reached.coefficients }
    return Math.sqrt(Math.max(0, reached.deviance - deviance)) - Math.sqrt(target - deviance)
  }
  const limit = (side: 1 | -1): number => {
    last = { shift: 0, coefficients: best }
    return value + side * crossing((size) => excess(side * size), spread * Math.sqrt(target - deviance))
  }
  return { value, low: limit(-1), high: limit(1) }
}

/**
 * The root of an increasing function that is negative at 0, by false position (Dowell and Jarratt, BIT 11, 1971).
 * Infinite if the function is not positive up to 1.5^100 times `guess`.
 */
function crossing(f: (size: number) => number, guess: number): number {
  let [inside, below] = [0, f(0)]
  let outside = guess
  let above = f(outside)
  for (let round = 0; !(above > 0); round++) {
    if (round === maxWidenings) return Number.POSITIVE_INFINITY
    inside = outside
    below = above
    outside *= 1.5
    above = f(outside)
  }
  for (let round = 0; round < maxRounds && outside - inside > precision * outside; round++) {
    const straight = (inside * above - outside * below) / (above - below)
    const isStraight = Number.isFinite(above) && straight > inside && straight < outside
    const next = isStraight ? straight : (inside + outside) / 2
    const reached = f(next)
    if (Math.abs(reached) < precision) return next
    if (reached > 0) {
      outside = next
      above = reached
      below /= 2
    } else {
      inside = next
      below = reached
      if (Number.isFinite(above)) above /= 2
    }
  }
  return outside
}

/**
 * Approximates the likelihood near its maximum by a quadratic function. `lean` is the change of the other coefficients
 * per unit change of the last one, and `spread` is the standard error of the last one.
 */
function quadratic({ information }: Maximum) {
  const last = information.size - 1
  const own = information.values.subarray(last * information.size)
  const lower = cholesky(leading(information, last))
  const lean = lower === null ? new Float64Array(last) : solveCholesky(lower, own.subarray(0, last)).map((x) => -x)
  const rest = own[last]! + dot(lean, own.subarray(0, last))
  return { lean, spread: 1 / Math.sqrt(rest > 0 ? rest : own[last]!) }
}

function leading({ size, values }: Matrix, among: number): Matrix {
  const place = (at: number) => Math.floor(at / among) * size + (at % among)
  return { size: among, values: Float64Array.from({ length: among * among }, (_, at) => values[place(at)]!) }
}
