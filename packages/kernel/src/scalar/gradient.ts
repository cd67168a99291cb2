type Gradient = (theta: Float64Array, into: Float64Array) => void

export function gradientAt(gradient: Gradient, theta: ArrayLike<number>): Float64Array {
  const into = new Float64Array(theta.length)
  gradient(Float64Array.from(theta), into)
  return into
}

/** Returns the derivative of a loss in one dimension. */
export function slopeOf(gradient: Gradient): (x: number) => number {
  const place = new Float64Array(1)
  const slope = new Float64Array(1)
  return (x) => {
    place[0] = x
    gradient(place, slope)
    return slope[0]!
  }
}
