import { elementary } from '@driftfarm/formula'
import { gaussLegendre, logGamma, logOnePlus, relativeDeviance, stirlingError } from '@driftfarm/statistics'

const { exp, log, power } = elementary

/** Laws of xi that have the moments of Theorem 1': name and E |c + b xi|^alpha. */
export type MomentLaw = 'gaussian' | 'uniform' | 'rademacher' | 'laplace'

/** E |c + b xi|^alpha for alpha > 0. */
export function moment(law: MomentLaw, alpha: number, c: number, b: number): number {
  const size = Math.abs(b)
  if (size === 0) return raised(c, alpha)
  switch (law) {
    case 'gaussian':
      return gaussianMoment(alpha, c, size)
    case 'rademacher':
      return (raised(c + size, alpha) + raised(c - size, alpha)) / 2
    case 'uniform':
      return uniformMoment(alpha, c, size * rootThree)
    case 'laplace':
      return laplaceMoment(alpha, Math.abs(c), size / Math.SQRT2)
  }
}

const rootThree = 1.7320508075688772

/** |x|^alpha. */
const raised = (x: number, alpha: number): number => (x === 0 ? 0 : power(Math.abs(x), alpha))

/**
 * b^alpha 2^(alpha/2) Gamma((alpha+1)/2) / sqrt(pi) 1F1(-alpha/2; 1/2; -z), z = c^2 / 2 b^2: by Kummer's transformation the mean over
 * j ~ Poisson(z) of Gamma(j + (alpha+1)/2) / Gamma(j + 1/2), all terms positive; summed from the mode.
 */
function gaussianMoment(alpha: number, c: number, b: number): number {
  const z = (c * c) / (2 * b * b)
  const ratio = (j: number) => (z * (j + (alpha + 1) / 2)) / ((j + 1) * (j + 0.5))
  const top = Math.floor(z)
  let sum = 1
  for (let j = top, term = 1; ; j++) {
    term *= ratio(j)
    sum += term
    if (term <= 1e-17 * sum && ratio(j) < 1) break
  }
  for (let j = top - 1, term = 1; j >= 0 && term > 1e-17 * sum; j--) {
    term /= ratio(j)
    sum += term
  }
  const logWeight =
    top === 0 ? -z : -stirlingError(top) - z * relativeDeviance((top - z) / z) - 0.5 * log(2 * Math.PI * top)
  return exp(logWeight + logGammaRatio(top + 0.5, alpha / 2) + alpha * (log(b) + Math.LN2 / 2)) * sum
}

/** ln Gamma(a + more) / Gamma(a), without the digits that the two logarithms have in common. */
function logGammaRatio(a: number, more: number): number {
  if (a < 30) return logGamma(a + more) - logGamma(a)
  const b = a + more
  return (a - 0.5) * logOnePlus(more / a) - more + more * log(b) + stirlingError(b) - stirlingError(a)
}

/** xi uniform: |c + u|^alpha over -half <= u <= half. */
function uniformMoment(alpha: number, c: number, half: number): number {
  const part = (x: number) => (x < 0 ? -1 : 1) * raised(x, alpha + 1)
  return (part(c + half) - part(c - half)) / (2 * half * (alpha + 1))
}

const rule = gaussLegendre(40)

/** xi with density e^(-|u|/s) / 2s: smooth between -c, 0 and the far tails, so pieces of a fixed rule are exact enough (1e-12). */
function laplaceMoment(alpha: number, c: number, s: number): number {
  const far = (60 + 6 * alpha) * s
  const cuts = [-c - far, ...graded(-c, s), ...graded(0, s), far].filter((x) => x >= -c - far && x <= far)
  const ends = [...new Set(cuts)].sort((x, y) => x - y)
  let sum = 0
  for (let k = 1; k < ends.length; k++) {
    const from = ends[k - 1]!
    const half = 0.5 * (ends[k]! - from)
    for (const [i, node] of rule.nodes.entries()) {
      const u = from + half * (1 + node)
      sum += rule.weights[i]! * half * raised(c + u, alpha) * exp(-Math.abs(u) / s)
    }
  }
  return sum / (2 * s)
}

/** Points that close in on a kink from both sides. */
function graded(at: number, s: number): number[] {
  const points = [at]
  for (let k = -40; k <= 6; k++) points.push(at - s * 2 ** k, at + s * 2 ** k)
  return points
}
