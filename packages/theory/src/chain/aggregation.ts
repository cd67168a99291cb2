import { dot } from '@driftfarm/formula'
import { eliminate, normalize, type Settled, settle } from './elimination.ts'
import { leaving, type NodeChain } from './finiteChain.ts'

/** About twenty cycles are usual. */
const maxCycles = 200
const smoothing = 3
/**
 * The cycles end if the relative change of every answer is below `done`. They also end if the largest change is below
 * `close` and no longer shrinks: a change that stays this small is due to rounding, or to rows whose sums are not
 * exactly 1.
 */
const within = { done: 2e-14, close: 1e-10 } as const
const falling = 0.99

/**
 * Computes the expected visits of a chain that has too many states for elimination, by iterative aggregation (Koury,
 * McAllister and Stewart 1984). The chain of the groups is eliminated exactly, so slow exchange between wells needs no
 * additional cycles. Nothing is ever subtracted, so the results for rarely visited states have as many correct digits
 * as all others.
 */
export function visitsByAggregation(chain: NodeChain): Float64Array {
  const { mass } = chain.first
  const { matrix, absorbed } = chain.stage(1)
  const { correct: regroup, sumOf } = regrouping(chain)
  const step: Step = (from, into) => {
    matrix.applyLeft(from, into)
    for (let i = 0; i < into.length; i++) into[i]! += mass[i]!
  }
  const correct = (visits: Float64Array) => regroup(visits, (k, out) => eliminate(out.length, k, out)(sumOf(mass)))
  return alternate(repeat(mass, warmup, step), correct, step, [null, ...absorbed])
}

/**
 * Computes the quasi-stationary distribution of a chain that has too many states for elimination, by iterative
 * aggregation. The iteration starts from the visits, which are close to the quasi-stationary distribution if a trial
 * rarely ends or leaves the box in a step.
 */
export function settleByAggregation(chain: NodeChain, visits: Float64Array): Settled {
  const stage = chain.stage(1)
  const out = leaving(stage)
  const { correct: regroup, sumOf } = regrouping(chain)
  const step: Step = (from, into) => {
    stage.matrix.applyLeft(from, into)
    normalize(into)
  }
  const correct = (mass: Float64Array) =>
    regroup(mass, (k, ends) => settle(ends, eliminate(ends.length, k, Float64Array.from(ends)), sumOf(mass)).mass)
  const mass = alternate(normalize(Float64Array.from(visits)), correct, step, [null, out])
  return { mass, rate: dot(mass, out) }
}

type Step = (from: Float64Array, into: Float64Array) => void

/** Before the first correction, mass must spread to all states. */
const warmup = 30

function repeat(begin: Float64Array, times: number, step: Step): Float64Array {
  let vector = Float64Array.from(begin)
  let next = new Float64Array(begin.length)
  for (let i = 0; i < times; i++) {
    step(vector, next)
    const free = vector
    vector = next
    next = free
  }
  return vector
}

function alternate(
  begin: Float64Array,
  correct: (vector: Float64Array) => void,
  step: Step,
  parts: readonly (Float64Array | null)[],
): Float64Array {
  let vector = begin
  let last = Number.POSITIVE_INFINITY
  for (let cycle = 0; cycle < maxCycles; cycle++) {
    correct(vector)
    const before = vector
    vector = repeat(before, smoothing, step)
    const change = parts.reduce((most, part) => Math.max(most, changeOf(before, vector, part)), 0)
    if (Number.isNaN(change)) break
    if (change < within.done || (change < within.close && change > falling * last)) break
    last = change
  }
  return vector
}

/**
 * `correct` corrects a vector so that its sum over each group, which `sumOf` returns, is exact. In the chain of the
 * groups, states are weighted by their expected visits or mass. `solve` gets the transition probabilities of this
 * chain, row by row, and for each group the probability that a trial ends or leaves the box in one step.
 */
function regrouping(chain: NodeChain) {
  const { size } = chain
  const groups = chain.groups!
  const stage = chain.stage(1)
  const leaves = leaving(stage)
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0)
  const sumOf = (vector: Float64Array) => {
    const sums = new Float64Array(count)
    for (let i = 0; i < size; i++) sums[groups[i]!]! += vector[i]!
    return sums
  }
  const correct = (vector: Float64Array, solve: (k: Float64Array, out: Float64Array) => Float64Array): void => {
    const totals = sumOf(vector)
    const out = sumOf(vector.map((part, i) => part * leaves[i]!))
    const k = new Float64Array(count * count)
    stage.matrix.forEachRun((row, first, entries) => {
      const part = vector[row]!
      if (part === 0) return
      const at = groups[row]! * count
      for (let j = 0; j < entries.length; j++) k[at + groups[first + j]!]! += part * entries[j]!
    })
    for (let group = 0; group < count; group++) {
      const total = totals[group]!
      if (total === 0) out[group] = 1
      else {
        out[group]! /= total
        for (let to = 0; to < count; to++) k[group * count + to]! /= total
      }
    }
    const exact = solve(k, out)
    for (let i = 0; i < size; i++) {
      const total = totals[groups[i]!]!
      if (total > 0) vector[i]! *= exact[groups[i]!]! / total
    }
  }
  return { correct, sumOf }
}

/**
 * Returns an upper bound on the relative change, from `before` to `now`, of the sum of all entries weighted by `part`.
 * If `part` is null, the weights are equal.
 */
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
