import { dot } from '@driftfarm/formula'
import { apart, leaving, type Stage, total } from './finiteChain.ts'

/**
 * Returns the expected number of visits to each state. `mass[i]` is the probability of starting in state i. Requires
 * that the transition probabilities of the chain are the same at every step.
 */
export type Visits = (mass: Float64Array) => Float64Array

export function visitsByElimination(stage: Stage): Visits {
  return eliminate(stage.matrix.size, stage.matrix.dense(), leaving(stage))
}

/**
 * The probability of leaving a state is the sum over its targets, never 1 minus the probability of staying (Grassmann,
 * Taksar and Heyman 1985). Without subtractions, even a mean time of 1e12 steps keeps its digits. The rows of the chain
 * (`k`) and the probabilities of ending (`out`) are overwritten. Elimination takes up to size^3 / 3 operations.
 */
export function eliminate(size: number, k: Float64Array, out: Float64Array): Visits {
  const lowest = Int32Array.from({ length: size }, (_, row) => {
    let j = 0
    while (j < size && k[row * size + j] === 0) j++
    return j
  })
  const leaves = new Float64Array(size)
  for (let s = size - 1; s >= 0; s--) {
    const row = s * size
    const from = lowest[s]!
    let sum = out[s]!
    for (let j = from; j < s; j++) sum += k[row + j]!
    leaves[s] = sum
    for (let i = 0; i < s; i++) {
      const to = i * size
      const into = k[to + s]!
      if (into === 0) continue
      const share = into / sum
      for (let j = from; j < s; j++) k[to + j]! += share * k[row + j]!
      out[i]! += share * out[s]!
      if (from < lowest[i]!) lowest[i] = from
    }
  }
  return (mass) => {
    const arriving = Float64Array.from(mass)
    for (let s = size - 1; s >= 0; s--) {
      const share = arriving[s]! / leaves[s]!
      if (share === 0) continue
      for (let j = lowest[s]!; j < s; j++) arriving[j]! += share * k[s * size + j]!
    }
    for (let s = 0; s < size; s++) {
      const visits = arriving[s]! / leaves[s]!
      arriving[s] = visits
      for (let j = s + 1; j < size; j++) arriving[j]! += visits * k[s * size + j]!
    }
    return arriving
  }
}

/** The quasi-stationary distribution of a chain: the distribution of the trials that have survived many steps. */
export interface Settled {
  /** Sums to 1. */
  readonly mass: Float64Array
  /**
   * The probability that a trial ends or leaves the box in one step: 1 minus the leading eigenvalue, computed without a
   * subtraction.
   */
  readonly rate: number
}

const maxRounds = 200
/**
 * The rounds end if the change per round is below `done`. They also end if the change is below `close` and no longer
 * falls, because such a change is due to rounding.
 */
const changeLimit = { done: 1e-14, close: 1e-13 } as const
/** Between two extrapolations, all modes except the two slowest must decay. */
const roundsPerExtrapolation = 4
const minSquaredCosine = 1 - 1e-6

/**
 * Computes the quasi-stationary distribution by inverse iteration. In each round the error is multiplied by r1 / r2,
 * where r1 and r2 are the two smallest decay rates of the chain's modes, r1 < r2. If wells lose trials at almost the
 * same rate, r1 / r2 is close to 1, and extrapolation helps. `visits` must belong to the same chain.
 */
export function settle(out: Float64Array, visits: Visits, begin: Float64Array): Settled {
  let before: Round | null = null
  let now: Round = { mass: normalize(Float64Array.from(begin)), factor: 1, moved: Number.POSITIVE_INFINITY }
  for (let round = 1; round <= maxRounds; round++) {
    const mass = visits(now.mass)
    const factor = total(mass)
    normalize(mass)
    const next: Round = { mass, factor, moved: apart(mass, now.mass) }
    const isOver = next.moved < changeLimit.done || (next.moved < changeLimit.close && next.moved > 0.9 * now.moved)
    if (isOver || Number.isNaN(next.moved)) return { mass, rate: dot(mass, out) }
    const isSlow = next.moved > 0.1 * now.moved
    const leading =
      before !== null && isSlow && round % roundsPerExtrapolation === 0 ? leadingOf(before, now, next) : null
    before = now
    now = leading === null ? next : { ...next, mass: leading }
  }
  return { mass: now.mass, rate: dot(now.mass, out) }
}

interface Round {
  readonly mass: Float64Array
  /**
   * The expected number of visits of a trial, summed over all states. The start of the trial has the distribution
   * `mass` of the previous round.
   */
  readonly factor: number
  readonly moved: number
}

/**
 * Returns the leading eigenvector if the masses m0, m1 and m2 of three successive rounds are linear combinations of the
 * same two eigenvectors, else null. For such masses, m2 - m1 = q (m1 - m0). Let G m be the expected number of visits to
 * each state by a trial that starts from m. Then m1 = G m0 / g1 and m2 = G m1 / g2. The two eigenvalues of
 * G therefore solve x^2 - (1 + q) g2 x + q g1 g2 = 0.
 */
function leadingOf(
  { mass: m0 }: Round,
  { mass: m1, factor: g1 }: Round,
  { mass: m2, factor: g2, moved }: Round,
): Float64Array | null {
  let across = 0
  let along = 0
  let later = 0
  for (let i = 0; i < m0.length; i++) {
    const first = m1[i]! - m0[i]!
    const second = m2[i]! - m1[i]!
    across += first * second
    along += first * first
    later += second * second
  }
  const q = across / along
  const discriminant = g2 * ((1 - q) * (1 - q) * g2 + 4 * q * (g2 - g1))
  if (!(across * across > minSquaredCosine * along * later)) return null
  // If the last difference is little more than rounding error, it does not determine q.
  if (!(q > 0 && moved * (1 - q) > 10 * changeLimit.done && discriminant > 0)) return null
  const smaller = (2 * q * g1 * g2) / ((1 + q) * g2 + Math.sqrt(discriminant))
  const leading = m0.map((part, i) => Math.max(0, g1 * m1[i]! - smaller * part))
  return total(leading) > 0 ? normalize(leading) : null
}

/** Scales `mass` in place so that it sums to 1. */
export function normalize<T extends Float64Array>(mass: T): T {
  const sum = total(mass)
  for (let i = 0; i < mass.length; i++) mass[i]! /= sum
  return mass
}
