import { elementary } from '@driftfarm/formula'

/** Nodes ascending in (-1, 1), and their weights, whose sum is 2. */
export interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

const known = new Map<number, Rule>()

/**
 * The Gauss-Legendre rule with `count` nodes, exact for polynomials of degree 2 count - 1. It is computed by Newton's
 * method on the recurrence of the Legendre polynomials (Abramowitz and Stegun 25.4.29), and is accurate to a few units
 * in the last place.
 */
export function gaussLegendre(count: number): Rule {
  let rule = known.get(count)
  if (rule === undefined) {
    rule = legendre(count)
    known.set(count, rule)
  }
  return rule
}

function legendre(count: number): Rule {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  for (let i = 0; i < (count + 1) >> 1; i++) {
    let x = elementary.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let round = 0; round < 6; round++) {
      let before = 1
      let value = x
      for (let k = 2; k <= count; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k
        before = value
        value = next
      }
      if (count === 1) before = 1
      slope = (count * (x * value - before)) / (x * x - 1)
      x -= value / slope
    }
    const isMiddle = 2 * i + 1 === count
    const weight = 2 / ((1 - x * x) * slope * slope)
    nodes[i] = isMiddle ? 0 : -x
    nodes[count - 1 - i] = isMiddle ? 0 : x
    weights[i] = weight
    weights[count - 1 - i] = weight
  }
  return { nodes, weights }
}

const { exp } = elementary

/** With 40 nodes, the error of tailIntegral is 1e-16. */
const rule = gaussLegendre(40)

/** The integral is cut off where the integrand has fallen by the factor e^-depth. */
const depth = 42

/**
 * Integral over v >= 0 of exp(exponent(v)). The exponent must be concave, and its expansion at 0 must begin with
 * -slope v - variance v^2 / 2, where `variance` is large: the integrand is then nearly a normal tail.
 */
export function tailIntegral(slope: number, variance: number, exponent: (v: number) => number): number {
  const scale = Math.sqrt(variance)
  const z = Math.max(slope / scale, 0)
  const length = (2 * depth) / (z + Math.sqrt(z * z + 2 * depth)) / scale
  let sum = 0
  for (let i = 0; i < rule.nodes.length; i++)
    sum += rule.weights[i]! * exp(exponent(0.5 * length * (1 + rule.nodes[i]!)))
  return 0.5 * sum * length
}
