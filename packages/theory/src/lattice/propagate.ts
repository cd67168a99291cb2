import { elementary } from '@driftfarm/formula'
import type { FiniteChain, Stage } from '../oracle/finiteChain.ts'
import { dot, type Rounded, Sum, total, unit } from './sum.ts'

const { log } = elementary

export interface PropagationResult {
  /**
   * One list per horizon, with one value per question. A value is null if the work limit ended the computation
   * before this horizon.
   */
  readonly horizons: readonly (readonly (Rounded | null)[])[]
  /**
   * The answers without a horizon; null if they were not requested or if the remaining trials can still change a digit.
   */
  readonly ever: Ever | null
}

export interface Ever {
  /** One value for each question. */
  readonly values: readonly Rounded[]
  /** The mean number of steps until a trial ends, over the trials that end. */
  readonly steps: Rounded
  /** The probability that a trial never ends. */
  readonly trapped: number
}

/**
 * The largest number of multiplications up to the last horizon, and after it. That many multiplications take some
 * seconds.
 */
const maxWork = { horizons: 4e9, ever: 1e9 } as const
/** Products below this lose digits, because the smallest double is 5e-324. */
const tiny = 1e-300
/** The number of steps between two tests of whether the remaining trials can still change a digit. */
const every = 16
/** Adding this share of a number to the number does not change its last digit. */
const negligible = 1e-17

/**
 * Carries the mass of all trials forward, step by step, up to the last horizon, and beyond it if `includesUnlimited`.
 * `horizons` ascend and are at least 1. Nothing is extrapolated, because chains on a lattice are periodic. The
 * contribution of the paths of n steps to an event is a sum of products of n rounded probabilities, so its relative
 * error may be n times the rounding error of a step. `trapped` is 1 for the states from which no trial ends.
 */
export function propagate(
  chain: FiniteChain,
  horizons: readonly number[],
  includesUnlimited: boolean,
  trapped: Float64Array | null,
): PropagationResult {
  const { first, stands } = chain
  const sums = first.absorbed.map((part) => new Paths(part, 1))
  const steps = new Paths(1, 1)
  const free = trapped?.map((rest) => 1 - rest) ?? null
  const results: (readonly (Rounded | null)[])[] = []
  let mass = Float64Array.from(first.mass)
  let next = new Float64Array(mass.length)
  let n = 1
  let work = 0
  let roundings = chanceRoundings
  let known: Stage | null = null

  const rounded = (value: number, mean: number, missed = 0): Rounded => {
    if (value === 0) return { value, error: missed }
    const underflow = (n * mass.length * tiny * unit) / value
    return { value, error: (mean * roundings + 4) * unit + underflow + missed / value }
  }
  const put = (knowsStanding: boolean) => {
    const isLast = results.length === horizons.length - 1
    results.push(
      sums.map(({ value, mean }, q) => {
        const so = stands[q]
        if (so === null || so === undefined) return rounded(value, mean)
        // Questions about the state at the horizon itself are requested only at the last horizon.
        if (!knowsStanding || !isLast) return null
        const standing = mass.length === so.length ? dot(mass, so) : 0
        return rounded(value + standing, n)
      }),
    )
  }
  const leftOf = () => (free === null ? total(mass) : dot(mass, free))
  /** Whether the remaining trials can no longer change a digit of the results. */
  const isStill = (stage: Stage) =>
    stage.absorbed.every((part, q) => {
      const isPossible = !chain.isStationary || part.some((chance) => chance > 0)
      return left === 0 || !isPossible || left <= negligible * sums[q]!.value
    })

  let left = leftOf()
  let before = left
  let still = left === 0
  const hasStands = stands.some((so) => so !== null)
  for (;;) {
    const isOver = still && (!hasStands || total(mass) === 0)
    while (results.length < horizons.length && (isOver || horizons[results.length]! <= n)) put(true)
    const isDone = results.length === horizons.length
    if (
      (isDone && (!includesUnlimited || (still && left <= negligible))) ||
      work > maxWork[isDone ? 'ever' : 'horizons']
    )
      break
    const stage = chain.stage(n)
    if (stage !== known) roundings = Math.max(roundings, roundingsOf(stage))
    known = stage
    for (const [q, part] of stage.absorbed.entries()) sums[q]!.add(dot(mass, part), n + 1)
    steps.add(leftOf(), n + 1)
    if (next.length !== stage.matrix.columns) next = new Float64Array(stage.matrix.columns)
    stage.matrix.applyLeft(mass, next)
    const unused: Float64Array<ArrayBuffer> = mass
    mass = next
    next = unused
    work += stage.matrix.entries + mass.length
    n++
    if (n % every !== 0) continue
    before = left
    left = leftOf()
    still = isStill(stage)
  }
  while (still && results.length < horizons.length) put(false)
  while (results.length < horizons.length) results.push(stands.map(() => null))
  if (!(includesUnlimited && still && left <= negligible)) return { horizons: results, ever: null }
  // If the remaining mass keeps falling at the same rate, it adds this much to the mean number of steps.
  const tail = left === 0 ? 0 : (left * every) / Math.max(log(before / left), unit)
  return {
    horizons: results,
    ever: {
      values: sums.map(({ value, mean }) => rounded(value, mean, left)),
      steps: rounded(steps.value, steps.mean, tail),
      trapped: trapped === null ? 0 : dot(mass, trapped),
    },
  }
}

/** The sum of the contributions of paths to an event, and the mean length of these paths. */
class Paths {
  private readonly sum = new Sum()
  private readonly weighted = new Sum()

  constructor(part: number, steps: number) {
    this.add(part, steps)
  }

  add(part: number, steps: number): void {
    this.sum.add(part)
    this.weighted.add(part * steps)
  }

  get value(): number {
    return this.sum.value
  }

  get mean(): number {
    return this.weighted.value / this.sum.value
  }
}

/**
 * The number of roundings that is assumed for the probability of moving to a place. This probability is the sum, over
 * the outcomes that lead to the place, of products over the draws. For a sign, the factor 1/2 is exact. Twelve
 * roundings are ample for four draws of the kind `flip`.
 */
const chanceRoundings = 12

/**
 * The number of roundings in one step: in a probability, in its product with a mass, and in the sum over everything
 * that arrives at one state.
 */
function roundingsOf({ matrix }: Stage): number {
  const arriving = new Int32Array(matrix.columns)
  matrix.forEachRun((_, first, { length }) => {
    for (let j = 0; j < length; j++) arriving[first + j]!++
  })
  return arriving.reduce((most, count) => Math.max(most, count), 0) + chanceRoundings + 1
}
