/** A loss and its gradient on the host. The point is not kept. */
export interface Slopes {
  readonly dimension: number
  loss(theta: Float64Array): number
  /** Fresh each time. */
  gradient(theta: Float64Array): Float64Array
  /** About how many operations one gradient takes. */
  readonly cost: number
}

export function length(vector: Float64Array): number {
  let sum = 0
  for (const x of vector) sum += x * x
  return Math.sqrt(sum)
}

/** theta + factor * direction. */
export function moved(theta: Float64Array, factor: number, direction: Float64Array): Float64Array {
  return theta.map((x, i) => x + factor * direction[i]!)
}
