/** A loss and its gradient. The functions keep no reference to `theta`. */
export interface Slopes {
  readonly dimension: number
  loss(theta: Float64Array): number
  /** Returns a new array at each call. */
  gradient(theta: Float64Array): Float64Array
  /** Approximate number of arithmetic operations of one gradient. */
  readonly cost: number
}

export function length(vector: Float64Array): number {
  let sum = 0
  for (const x of vector) sum += x * x
  return Math.sqrt(sum)
}

export function addScaled(theta: Float64Array, factor: number, direction: Float64Array): Float64Array {
  return theta.map((x, i) => x + factor * direction[i]!)
}
