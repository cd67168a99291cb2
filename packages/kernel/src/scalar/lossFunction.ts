import type { Batch } from '@driftfarm/spec'
import type { Comparison } from '../model/comparison.ts'
import { below, type Xoshiro } from '../streams/xoshiro.ts'

/** Second derivatives of the loss over all samples. */
export interface Curvature {
  /** Writes the product of the Hessian at theta and `vector` into `into`. */
  product(theta: Float64Array, vector: Float64Array, into: Float64Array): void
  trace(theta: Float64Array): number
}

/** Without weight decay, and over all samples of one table without noise unless samples are given. */
export interface Scores {
  loss(theta: Float64Array, samples?: readonly StepSample[]): number
  accuracy(theta: Float64Array): number
}

export interface LossFunction {
  /** Over all samples. */
  loss(theta: Float64Array): number
  /** Over the given samples, or over all samples, without noise. Landscapes without samples are given none. */
  gradient(theta: Float64Array, into: Float64Array, samples?: readonly StepSample[]): void
  /** Absent: second derivatives are computed from differences of the gradient (`curvatureOf`). */
  readonly curvature?: Curvature
  /** Only of landscapes on data; the accuracy only of networks. */
  readonly scores?: Scores
  /** A sample without noise, to be used before the next one is read. Absent without samples. */
  readonly sample?: (row: number) => StepSample
}

/** A sample as one step uses it. */
export interface StepSample {
  /** The values of its row, with label noise. */
  readonly values: Float64Array
  /**
   * For each hidden layer, the factor of each unit: 0 if the step leaves it out. Null for a layer without dropout, and
   * nothing for a sample without noise.
   */
  readonly factors: readonly (readonly number[] | null)[]
}

type SampleOrder = ReturnType<typeof newOrder>

/**
 * A trial draws the samples in random permutations, one after another. The first `position` elements of `rows` are the
 * samples already drawn from the current permutation.
 */
export function newOrder(rows: number) {
  return { position: 0, rows: Uint32Array.from({ length: rows }, (_, row) => row) }
}

export function nextBatch({ size, sampling }: Batch, stream: Xoshiro, order: SampleOrder): Uint32Array {
  const { rows } = order
  return Uint32Array.from({ length: size }, () => {
    if (sampling === 'replacement') return below(stream, rows.length)
    const here = order.position
    const there = here + below(stream, rows.length - here)
    const row = rows[there]!
    rows[there] = rows[here]!
    rows[here] = row
    order.position = (here + 1) % rows.length
    return row
  })
}

/** A point, or a vector from one point to another. */
export type Point = ArrayLike<number>

/** The sum from left to right, starting with the first term. */
export function sum(terms: ArrayLike<number>): number {
  let total = terms[0]!
  for (let i = 1; i < terms.length; i++) total += terms[i]!
  return total
}

/** Added from left to right. */
export function dot(a: Point, b: Point): number {
  // -0 + x equals x for every x, so the sum effectively starts with its first term.
  let total = -0
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!
  return total
}

export function squaredDistance(a: Point, b: Point): number {
  const difference = Float64Array.from(a, (x, i) => x - b[i]!)
  return dot(difference, difference)
}

export type Comparable = Pick<LossFunction, 'loss' | 'gradient'> & Comparison
