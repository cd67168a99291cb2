import { elementary } from '@driftfarm/formula'
import { type FiniteChain, Flow, type Stage } from '../chain/finiteChain.ts'
import { tiny } from '../question/answer.ts'

const { log } = elementary

/** Half the distance from 1 to the next double: the largest relative error of one operation. */
export const unit = 1.1102230246251565e-16

/** `error` is an upper estimate, relative to `value`, or absolute if `value` is 0. */
export interface Rounded {
  readonly value: number
  readonly error: number
}

/** Compensated summation of non-negative numbers (Neumaier 1974), as accurate as one rounding of the exact sum. */
export class Sum {
  private sum = 0
  private rest = 0

  add(x: number): void {
    const next = this.sum + x
    this.rest += this.sum >= x ? this.sum - next + x : x - next + this.sum
    this.sum = next
  }

  get value(): number {
    return this.sum + this.rest
  }
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const sum = new Sum()
  for (let i = 0; i < a.length; i++) if (a[i] !== 0 && b[i] !== 0) sum.add(a[i]! * b[i]!)
  return sum.value
}

export function total(parts: ArrayLike<number>): number {
  const sum = new Sum()
  for (let i = 0; i < parts.length; i++) sum.add(parts[i]!)
  return sum.value
}

export interface Ever {
  readonly values: readonly Rounded[]
  /** The mean number of steps until a trial ends, over the trials that end. */
  readonly steps: Rounded
  /** The probability that a trial never ends. */
  readonly trapped: number
}

/**
 * Limits on the number of multiplications since step 1: `horizons` until the last horizon is reached, `ever` after it.
 * This many multiplications take a few seconds.
 */
const maxWork = { horizons: 4e9, ever: 1e9 } as const
const stepsBetweenTests = 16
const negligible = 1e-17

/**
 * Carries the mass of all trials forward up to the last horizon, and further if `includesUnlimited`.
 * `horizons` ascend and are at least 1. `trapped` is 1 for the states from which no trial ends. Probabilities are not
 * extrapolated, because chains on a lattice may be periodic. A path of n steps contributes a product of n rounded
 * probabilities, so the relative error of the product may be n times the rounding error of a step.
 *
 * `horizons` is one list per horizon, with one value per question; null if the work limit was reached before this
 * horizon. `ever` is null if it was not requested, or if the trials that remain at the work limit could still change a
 * digit of the result.
 */
export function propagate(
  chain: FiniteChain,
  horizons: readonly number[],
  includesUnlimited: boolean,
  trapped: Float64Array | null,
): { readonly horizons: readonly (readonly (Rounded | null)[])[]; readonly ever: Ever | null } {
  const { first, stands } = chain
  const sums = first.absorbed.map((part) => new PathSum().addPaths(part, 1))
  const steps = new PathSum().addPaths(1, 1)
  const free = trapped?.map((rest) => 1 - rest) ?? null
  const results: (readonly (Rounded | null)[])[] = []
  const flow = new Flow(chain)
  let roundings = probabilityRoundings
  let known: Stage | null = null

  const rounded = (value: number, meanLength: number, missed = 0): Rounded => {
    if (value === 0) return { value, error: missed }
    const underflow = (flow.n * flow.mass.length * tiny * unit) / value
    return { value, error: (meanLength * roundings + 4) * unit + underflow + missed / value }
  }
  const put = (knowsStanding: boolean) => {
    const isLast = results.length === horizons.length - 1
    results.push(
      sums.map(({ value, meanLength }, q) => {
        const so = stands[q]
        if (so === null || so === undefined) return rounded(value, meanLength)
        // An answer that depends on the states of trials at the horizon is needed only for the last horizon.
        if (!knowsStanding || !isLast) return null
        const standing = flow.mass.length === so.length ? dot(flow.mass, so) : 0
        return rounded(value + standing, flow.n)
      }),
    )
  }
  const leftOf = () => (free === null ? total(flow.mass) : dot(flow.mass, free))
  const cannotChangeResults = (stage: Stage) =>
    stage.absorbed.every((part, q) => {
      const isPossible = !chain.isStationary || part.some((chance) => chance > 0)
      return left === 0 || !isPossible || left <= negligible * sums[q]!.value
    })

  let left = leftOf()
  let before = left
  let still = left === 0
  const hasStands = stands.some((so) => so !== null)
  for (;;) {
    const isOver = still && (!hasStands || total(flow.mass) === 0)
    while (results.length < horizons.length && (isOver || horizons[results.length]! <= flow.n)) put(true)
    const isDone = results.length === horizons.length
    if (isDone && (!includesUnlimited || (still && left <= negligible))) break
    if (flow.work > maxWork[isDone ? 'ever' : 'horizons']) break
    const stage = chain.stage(flow.n)
    if (stage !== known) roundings = Math.max(roundings, roundingsOf(stage))
    known = stage
    for (const [q, part] of stage.absorbed.entries()) sums[q]!.addPaths(dot(flow.mass, part), flow.n + 1)
    steps.addPaths(leftOf(), flow.n + 1)
    flow.step(stage)
    flow.work += flow.mass.length
    if (flow.n % stepsBetweenTests !== 0) continue
    before = left
    left = leftOf()
    still = cannotChangeResults(stage)
  }
  while (still && results.length < horizons.length) put(false)
  while (results.length < horizons.length) results.push(stands.map(() => null))
  if (!(includesUnlimited && still && left <= negligible)) return { horizons: results, ever: null }
  // If the remaining mass keeps falling at the same rate, it adds this much to the mean number of steps.
  const tail = left === 0 ? 0 : (left * stepsBetweenTests) / Math.max(log(before / left), unit)
  return {
    horizons: results,
    ever: {
      values: sums.map(({ value, meanLength }) => rounded(value, meanLength, left)),
      steps: rounded(steps.value, steps.meanLength, tail),
      trapped: trapped === null ? 0 : dot(flow.mass, trapped),
    },
  }
}

class PathSum extends Sum {
  private readonly weighted = new Sum()

  addPaths(part: number, steps: number): this {
    this.add(part)
    this.weighted.add(part * steps)
    return this
  }

  get meanLength(): number {
    return this.weighted.value / this.value
  }
}

/**
 * Maximum number of roundings in the computed probability of an outcome of one step. The number suffices for four draws
 * of the kind `flip`. Draws of the kind `sign` add no rounding, because their factor 1/2 is exact.
 */
const probabilityRoundings = 12

/**
 * Returns the maximum number of roundings in the mass that a step moves to a state. The probability, its product with
 * the mass, and the sum over all transitions to the state are rounded.
 */
function roundingsOf({ matrix }: Stage): number {
  const arriving = new Int32Array(matrix.columns)
  matrix.forEachRun((_, first, { length }) => {
    for (let j = 0; j < length; j++) arriving[first + j]!++
  })
  return arriving.reduce((most, count) => Math.max(most, count), 0) + probabilityRoundings + 1
}
