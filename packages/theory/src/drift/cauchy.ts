import { elementary } from '@driftfarm/formula'
import { type DriftLaw, studentShape, usual } from '../distribution/driftLaw.ts'
import { type Factor, wrapped } from '../distribution/factor.ts'
import { poleDetail, type ScalarLaw } from '../distribution/scalarLaw.ts'

const { acos, atan, cos, exp, log, power } = elementary

const tail = (x: number) => atan(1 / x) / Math.PI

const scalar: ScalarLaw = {
  density: (z) => 1 / (Math.PI * (1 + z * z)),
  upper: (z) => (z > 1 ? tail(z) : (0.5 * Math.PI - atan(z)) / Math.PI),
  kinks: [],
  breaks: [],
  reach: Number.POSITIVE_INFINITY,
  detail: poleDetail,
}

export const cauchy: DriftLaw = {
  ...usual,
  variance: null,
  scalar: () => scalar,
  shape: studentShape(1),
  sumExponent: 1,
  powerTail: tail,
  factor,
  angle: (sigma) => wrapped((k) => exp(-k * sigma)),
}

/**
 * For a Cauchy variable C, E |mean + spread C|^p is the value of the harmonic function r^p cos(p (angle - pi/2)) /
 * cos(p pi/2) at the point mean + i spread.
 */
function factor(mean: number, spread: number): Factor {
  const radius = Math.sqrt(mean * mean + spread * spread)
  const angle = acos(mean / radius)
  return {
    expectedLog: log(radius),
    meanSquare: Number.POSITIVE_INFINITY,
    moment: (p) =>
      p >= 1 ? Number.POSITIVE_INFINITY : (power(radius, p) * cos(p * (angle - Math.PI / 2))) / cos((p * Math.PI) / 2),
  }
}
