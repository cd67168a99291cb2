import { elementary } from '@driftfarm/formula'

const { cos, exp } = elementary

/** 40 nodes give tailIntegral to 1e-16. */
const rule = gaussLegendre(40)

/** Gauss-Legendre nodes and weights on [0, 1]: exact for polynomials of degree 2 count - 1. */
export function gaussLegendre(count: number): readonly (readonly [node: number, weight: number])[] {
  return Array.from({ length: count }, (_, index) => {
    let x = cos((Math.PI * (index + 0.75)) / (count + 0.5))
    let slope = 1
    for (let round = 0; round < 8; round++) {
      let previous = 1
      let value = x
      for (let k = 2; k <= count; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k]
      slope = (count * (x * value - previous)) / (x * x - 1)
      x -= value / slope
    }
    return [(1 - x) / 2, 1 / ((1 - x * x) * slope * slope)] as const
  })
}

/** Where the integrand has fallen to e^-this it is cut off. */
const depth = 42

/**
 * Integral over v >= 0 of exp(exponent(v)), for a log-concave exponent that begins as -slope v - variance v^2 / 2
 * with a large variance: nearly a normal tail, so one fixed rule over its length is enough.
 */
export function tailIntegral(slope: number, variance: number, exponent: (v: number) => number): number {
  const scale = Math.sqrt(variance)
  const z = Math.max(slope / scale, 0)
  const length = (2 * depth) / (z + Math.sqrt(z * z + 2 * depth)) / scale
  let sum = 0
  for (const [node, weight] of rule) sum += weight * exp(exponent(length * node))
  return sum * length
}
