import { elementary } from '@driftfarm/formula'
import { gaussLegendre } from './gaussLegendre.ts'

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
