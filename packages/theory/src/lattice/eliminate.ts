import { settle, type Visits, visitsByElimination } from '../chain/elimination.ts'
import { apart, type FiniteChain } from '../chain/finiteChain.ts'
import { dot, type Ever, type Rounded, total, unit } from './propagate.ts'

/**
 * Returns 1 for each state from which no trial ever ends, and 0 for the others. The chain must contain every state
 * that its steps reach.
 */
export function trappedStates({ size, stage }: FiniteChain): Float64Array {
  const { matrix, ended } = stage(1)
  const from: number[][] = Array.from({ length: size }, () => [])
  matrix.forEachRun((row, first, entries) => {
    for (let j = 0; j < entries.length; j++) from[first + j]!.push(row)
  })
  const trapped = new Float64Array(size).fill(1)
  const open: number[] = []
  const free = (state: number) => {
    if (trapped[state] === 0) return
    trapped[state] = 0
    open.push(state)
  }
  for (let state = 0; state < size; state++) if (ended[state]! > 0) free(state)
  for (let state = open.pop(); state !== undefined; state = open.pop()) from[state]!.forEach(free)
  return trapped
}

/** A larger convergence factor f is reduced to this, because the error estimate is proportional to 1 / (1 - f). */
const maxConvergenceFactor = 0.9999
const maxStates = 4000
const maxMultiplications = 1e9
/**
 * The smallest error estimate. Both orders of elimination may share rounding errors, which the difference of the
 * results does not show.
 */
const floor = 8 * unit
/**
 * The distribution of the surviving trials has settled if one step changes it by at most this, summed over all states.
 */
const settledTo = 1e-9

export function isEliminable({ size, stage }: FiniteChain): boolean {
  if (size > maxStates) return false
  let band = 0
  stage(1).matrix.forEachRun((row, first, { length }) => {
    band = Math.max(band, Math.abs(first - row), Math.abs(first + length - 1 - row))
  })
  return size * band * band <= maxMultiplications
}

/** Eliminates the states in two orders, `chain` and `other`. The difference of the results is the error estimate. */
export function everByElimination(
  chain: FiniteChain,
  other: FiniteChain,
  trapped: Float64Array,
): Ever & { readonly rate: Rounded | null } {
  const one = eliminated(chain, trapped)
  const two = eliminated(other, trapped.toReversed())
  const both = (value: number, again: number): Rounded => ({
    value,
    error: value === 0 ? again : Math.max(floor, Math.abs(value - again) / value),
  })
  const rate = one.rate && two.rate && both(one.rate.value, two.rate.value)
  return {
    values: one.values.map((value, q) => both(value, two.values[q]!)),
    steps: both(one.steps, two.steps),
    trapped: one.trapped,
    rate: rate && { ...rate, error: Math.max(rate.error, one.rate!.error) },
  }
}

function eliminated(chain: FiniteChain, trapped: Float64Array) {
  const { first } = chain
  const stage = chain.stage(1)
  const visits = visitsByElimination({ ...stage, lost: trapped })
  const expected = visits(first.mass)
  const caught = dot(expected, trapped)
  return {
    values: stage.absorbed.map((part, q) => first.absorbed[q]! + dot(expected, part)),
    steps: 1 + total(expected) - caught,
    trapped: caught,
    rate: caught === 0 ? rateOf(chain, visits) : null,
  }
}

/**
 * Returns null if all trials end within finitely many steps, or if the distribution of the surviving trials does not
 * settle.
 */
function rateOf(chain: FiniteChain, visits: Visits): Rounded | null {
  const stage = chain.stage(1)
  const { mass, rate } = settle(stage.ended, visits, chain.first.mass)
  const next = new Float64Array(chain.size)
  stage.matrix.applyLeft(mass, next)
  const left = mass.map((part) => (1 - rate) * part)
  if (!(apart(next, left) <= settledTo * (1 - rate))) return null
  // The error estimate assumes that each round reduces the distance between the rate and its limit by the same factor.
  const rates = [rate]
  let law = mass
  for (let round = 0; round < 2; round++) {
    const visited = visits(law)
    const sum = total(visited)
    law = visited.map((part) => part / sum)
    rates.push(dot(law, stage.ended))
  }
  const [first, second] = [Math.abs(rates[1]! - rates[0]!), Math.abs(rates[2]! - rates[1]!)]
  const factor = first === 0 ? 0 : Math.min(second / first, maxConvergenceFactor)
  return { value: rate, error: first <= floor * rate ? 0 : first / (1 - factor) / rate }
}
