import { elementary } from '@driftfarm/formula'
import type { FiniteChain, Stage } from '../oracle/finiteChain.ts'
import { dot, type Rounded, Sum, total, unit } from './sum.ts'

const { log } = elementary

export interface Marched {
  /** By horizon and question; null where it was too far. */
  readonly horizons: readonly (readonly (Rounded | null)[])[]
  /** Without a horizon, once nothing that is left can change a digit; null before. */
  readonly ever: Ever | null
}

export interface Ever {
  /** By question. */
  readonly values: readonly Rounded[]
  /** Mean of the steps until a trial ends, of those that do. */
  readonly steps: Rounded
  /** P(a trial never ends). */
  readonly trapped: number
}

/** Multiplications up to the last horizon, and from there on: some seconds. */
const mostWork = { horizons: 4e9, ever: 1e9 } as const
/** Products below this lose digits, the smallest double being 5e-324. */
const tiny = 1e-300
/** How often it is looked whether what is left can change a digit. */
const every = 16
/** The part of a number that is none of its digits. */
const negligible = 1e-17

/**
 * Carries the mass of all trials forward, step by step, up to the last horizon (ascending, at least 1), and on if
 * `asksEver`. Nothing is taken to go on as before, since chains of a lattice have periods. What paths of n steps put
 * into an event are products of n chances, each of them rounded, and each sum on the way: it may be off by n times the
 * roundings of a step. `trapped` is 1 for the states from which no trial ends.
 */
export function march(
  chain: FiniteChain,
  horizons: readonly number[],
  asksEver: boolean,
  trapped: Float64Array | null,
): Marched {
  const { first, stands } = chain
  const sums = first.absorbed.map((part) => new Paths(part, 1))
  const steps = new Paths(1, 1)
  const free = trapped?.map((rest) => 1 - rest) ?? null
  const results: (readonly (Rounded | null)[])[] = []
  let mass = Float64Array.from(first.mass)
  let next = new Float64Array(mass.length)
  let n = 1
  let work = 0
  let roundings = ofChance
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
        // What is so at the horizon is asked at the last one alone.
        if (!knowsStanding || !isLast) return null
        const standing = mass.length === so.length ? dot(mass, so) : 0
        return rounded(value + standing, n)
      }),
    )
  }
  const leftOf = () => (free === null ? total(mass) : dot(mass, free))
  /** Whether what is left cannot change a digit of what has happened. */
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
    if ((isDone && (!asksEver || (still && left <= negligible))) || work > mostWork[isDone ? 'ever' : 'horizons']) break
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
  if (!(asksEver && still && left <= negligible)) return { horizons: results, ever: null }
  // What is left shrinks on as it did, and each of it has so many steps before it.
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

/** What paths put into an event, and their mean length. */
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
 * Of a chance: a product of those of draws, and a sum of the ways that are one. Signs are exact; this is ample for four
 * flips.
 */
const ofChance = 12

/** Of one step: of a chance, of its product with a mass, and of the sum over all that come to one state. */
function roundingsOf({ matrix }: Stage): number {
  const arriving = new Int32Array(matrix.columns)
  matrix.forEachRun((_, first, { length }) => {
    for (let j = 0; j < length; j++) arriving[first + j]!++
  })
  return arriving.reduce((most, count) => Math.max(most, count), 0) + ofChance + 1
}
