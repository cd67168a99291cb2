import type { FiniteChain } from './finiteChain.ts'
import { eliminate, type Visits } from './visits.ts'

/** Cycles at most; some twenty are usual. */
const mostCycles = 200
/** Steps between two corrections. */
const smoothing = 3
/** Relative change of an answer in a cycle: below the first it is none, below the second it may be rounding if it no longer falls. */
const within = { done: 2e-14, close: 1e-10 } as const

/**
 * Expected visits of a chain with too many states to eliminate: steps smooth them within groups of neighbours, and the few groups
 * are eliminated exactly, in turn (iterative aggregation, Koury, McAllister and Stewart 1984). So slow exchange between wells
 * costs no steps, and as nothing is ever subtracted, a rare place has as many digits as a common one.
 */
export function visitsByAggregation(chain: FiniteChain, groups: Int32Array): Visits {
  const { size } = chain
  const { matrix, absorbed, ended, lost } = chain.stage(1)
  // Of what the answers are sums: visits alone, and those that end with an event.
  const parts = [null, ...absorbed]
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0)

  const correct = (visits: Float64Array, mass: Float64Array): void => {
    const totals = new Float64Array(count)
    const arriving = new Float64Array(count)
    const out = new Float64Array(count)
    const k = new Float64Array(count * count)
    for (let i = 0; i < size; i++) {
      const group = groups[i]!
      totals[group]! += visits[i]!
      arriving[group]! += mass[i]!
      out[group]! += visits[i]! * (ended[i]! + lost[i]!)
    }
    matrix.forEachRun((row, first, entries) => {
      const visited = visits[row]!
      if (visited === 0) return
      const at = groups[row]! * count
      for (let j = 0; j < entries.length; j++) k[at + groups[first + j]!]! += visited * entries[j]!
    })
    for (let group = 0; group < count; group++) {
      const total = totals[group]!
      if (total === 0) out[group] = 1
      else {
        out[group]! /= total
        for (let to = 0; to < count; to++) k[group * count + to]! /= total
      }
    }
    const exact = eliminate(count, k, out).from(arriving)
    for (let i = 0; i < size; i++) {
      const total = totals[groups[i]!]!
      if (total > 0) visits[i]! *= exact[groups[i]!]! / total
    }
  }

  return {
    from(mass) {
      let visits: Float64Array<ArrayBuffer> = Float64Array.from(mass)
      let next = new Float64Array(size)
      const step = () => {
        matrix.applyLeft(visits, next)
        for (let i = 0; i < size; i++) next[i]! += mass[i]!
        const free = visits
        visits = next
        next = free
      }
      for (let i = 0; i < warmup; i++) step()
      let last = Number.POSITIVE_INFINITY
      for (let cycle = 0; cycle < mostCycles; cycle++) {
        correct(visits, mass)
        const before = Float64Array.from(visits)
        for (let i = 0; i < smoothing; i++) step()
        const change = parts.reduce((most, part) => Math.max(most, changeOf(before, visits, part)), 0)
        if (change < within.done || (change < within.close && change > 0.9 * last)) break
        last = change
      }
      return visits
    },
  }
}

/** Steps before the first correction: mass must have come everywhere. */
const warmup = 30

/** By how much the sum of the visits, each times its part, can have changed: places that add nothing to it need not settle. */
function changeOf(before: Float64Array, now: Float64Array, part: Float64Array | null): number {
  let off = 0
  let sum = 0
  for (let i = 0; i < now.length; i++) {
    const share = part === null ? 1 : part[i]!
    off += share * Math.abs(now[i]! - before[i]!)
    sum += share * now[i]!
  }
  return sum === 0 ? 0 : off / sum
}
