import type { FiniteChain } from '../oracle/finiteChain.ts'

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
