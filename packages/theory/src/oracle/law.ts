import { elementary } from '@driftfarm/formula'
import type { Law } from '@driftfarm/spec'
import { gaussLegendre, normalTail } from '@driftfarm/statistics'
import type { Refusal } from '../chain.ts'
import type { ScalarLaw } from './scalarLaw.ts'
import { stableLaw } from './stable.ts'

const { atan, exp, power, sin, sqrt } = elementary

export type { ScalarLaw }

const rootTwo = sqrt(2)
const rootThree = sqrt(3)
const rootTwoPi = 2.5066282746310002

/** exp(-13^2 / 2) = 2e-37. */
const normalReach = 13
const normal: ScalarLaw = {
  density: (z) => exp(-0.5 * z * z) / rootTwoPi,
  upper: normalTail,
  kinks: [],
  reach: normalReach,
  detail: 1,
}
const uniform: ScalarLaw = {
  density: (z) => (Math.abs(z) <= rootThree ? 0.5 / rootThree : 0),
  upper: (z) => Math.max(0, 0.5 - (0.5 * z) / rootThree),
  kinks: [-rootThree, rootThree],
  reach: rootThree,
  detail: 2,
}
const laplace: ScalarLaw = {
  density: (z) => exp(-rootTwo * Math.abs(z)) / rootTwo,
  upper: (z) => 0.5 * exp(-rootTwo * z),
  kinks: [0],
  reach: 60,
  detail: 1,
}
/** Of a density whose poles are one scale off the line: so fine that the second resolution is the last. */
const poleDetail = 2.2
const cauchy: ScalarLaw = {
  density: (z) => 1 / (Math.PI * (1 + z * z)),
  upper: (z) => (z > 1 ? atan(1 / z) : 0.5 * Math.PI - atan(z)) / Math.PI,
  kinks: [],
  reach: Number.POSITIVE_INFINITY,
  detail: poleDetail,
}

/** The law of one coordinate of xi, or why it has no density here. `sphere` and `ball` are those of dimension one. */
export function scalarLaw(law: Law): ScalarLaw | Refusal {
  switch (law.kind) {
    case 'gaussian':
      return normal
    case 'uniform':
    case 'ball':
      return uniform
    case 'laplace':
      return laplace
    case 'cauchy':
      return cauchy
    case 'student':
      return law.nu === 1 ? cauchy : student(law.nu)
    case 'stable':
      if (law.alpha === 1) return cauchy
      if (law.alpha === 2) return stretched(normal, rootTwo)
      return stableLaw(law.alpha)
    case 'rademacher':
    case 'sphere':
      return { reason: `the law is ${law.kind}, which has no density` }
  }
}

function stretched(law: ScalarLaw, factor: number): ScalarLaw {
  return {
    density: (z) => law.density(z / factor) / factor,
    upper: (z) => law.upper(z / factor),
    kinks: law.kinks.map((kink) => kink * factor),
    reach: law.reach * factor,
    detail: law.detail,
  }
}

/** z = sqrt(nu) / tan(a) turns the density into sin(a)^(nu - 1) / B(nu / 2, 1 / 2). */
function student(nu: number): ScalarLaw {
  // The power of u that makes the integrand smooth at 0.
  const smooth = Math.max(1, Math.ceil(8 / nu))
  const { nodes, weights } = gaussLegendre(80)
  const integral = (end: number) => {
    let sum = 0
    for (let i = 0; i < nodes.length; i++) {
      const u = 0.5 * (1 + nodes[i]!)
      const below = power(u, smooth - 1)
      sum += 0.5 * weights[i]! * smooth * below * power(sin(end * u * below), nu - 1)
    }
    return sum * end
  }
  const whole = 2 * integral(0.5 * Math.PI)
  return {
    density: (z) => power(1 + (z * z) / nu, -0.5 * (nu + 1)) / (sqrt(nu) * whole),
    upper: (z) => (z === 0 ? 0.5 : integral(atan(sqrt(nu) / z)) / whole),
    kinks: [],
    reach: Number.POSITIVE_INFINITY,
    detail: Math.max(1, poleDetail / sqrt(nu)),
  }
}

/** P(a < m + s xi < b), without loss of digits in the tails. */
export function probabilityBetween(law: ScalarLaw, from: number, to: number): number {
  if (from >= 0) return law.upper(from) - (to === Number.POSITIVE_INFINITY ? 0 : law.upper(to))
  if (to <= 0) return law.upper(-to) - (from === Number.NEGATIVE_INFINITY ? 0 : law.upper(-from))
  const above = to === Number.POSITIVE_INFINITY ? 0 : law.upper(to)
  const below = from === Number.NEGATIVE_INFINITY ? 0 : law.upper(-from)
  return 1 - above - below
}
