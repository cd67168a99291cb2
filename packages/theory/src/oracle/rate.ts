import type { FiniteChain, Stage } from './finiteChain.ts'
import type { Visits } from './visits.ts'

/** The quasi-stationary law of a chain: where trials are that have not ended for long. */
export interface Settled {
  /** Sums to 1. */
  readonly mass: Float64Array
  /** P(end in one step): 1 less the leading eigenvalue, as a sum of what ends in each state. */
  readonly rate: number
}

const mostRounds = 200

/** By inverse iteration: its error falls by the ratio of the two smallest rates in each round. */
export function settle({ size }: FiniteChain, { ended, lost }: Stage, visits: Visits, begin: Float64Array): Settled {
  let mass = normalized(begin)
  let rate = 0
  for (let round = 0; round < mostRounds; round++) {
    const next = normalized(visits.from(mass))
    let moved = 0
    for (let i = 0; i < size; i++) moved += Math.abs(next[i]! - mass[i]!)
    mass = next
    rate = 0
    for (let i = 0; i < size; i++) rate += mass[i]! * (ended[i]! + lost[i]!)
    if (moved < 1e-14) break
  }
  return { mass, rate }
}

function normalized(mass: Float64Array): Float64Array {
  let total = 0
  for (const part of mass) total += part
  return mass.map((part) => part / total)
}
