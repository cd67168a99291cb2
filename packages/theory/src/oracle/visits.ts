import type { FiniteChain, Stage } from './finiteChain.ts'

/** Requires that the transition probabilities of the chain are the same at every step. */
export interface Visits {
  /** Returns the expected number of visits to each state. `mass[i]` is the probability of starting in state i. */
  from(mass: Float64Array): Float64Array
}

export function visitsByElimination({ size }: FiniteChain, { matrix, ended, lost }: Stage): Visits {
  const k = new Float64Array(size * size)
  matrix.forEachRun((row, first, entries) => {
    for (let j = 0; j < entries.length; j++) k[row * size + first + j]! += entries[j]!
  })
  return eliminate(
    size,
    k,
    ended.map((part, i) => part + lost[i]!),
  )
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
  return {
    from(mass) {
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
    },
  }
}
