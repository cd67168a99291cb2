import { elementary } from '@driftfarm/formula'
import { gaussLegendre } from '@driftfarm/statistics'
import { type DriftLaw, shapeUpTo, usual } from '../distribution/driftLaw.ts'
import { byDensity } from '../distribution/factor.ts'
import { visitNodes } from '../distribution/quadrature.ts'
import type { ScalarLaw } from '../distribution/scalarLaw.ts'

const { exp, power } = elementary

const scalar: ScalarLaw = {
  density: (z) => exp(-Math.SQRT2 * Math.abs(z)) / Math.SQRT2,
  upper: (z) => 0.5 * exp(-Math.SQRT2 * z),
  kinks: [0],
  breaks: [{ at: 0, order: 1 }],
  reach: 60,
  detail: 1,
}

/** The Laplace distribution, scaled to variance 1. */
export const laplace: DriftLaw = {
  ...usual,
  variance: 1,
  scalar: () => scalar,
  shape: shapeUpTo(480, { slope: (_, f) => -Math.SQRT2 * f, steepest: 0, reach: 70 }),
  factor: (mean, spread) =>
    byDensity({ mean, spread, density: scalar.density, variance: 1, moments: Number.POSITIVE_INFINITY }),
  moment: { of: (alpha, c, b) => moment(alpha, Math.abs(c), b / Math.SQRT2), text: 'quadrature' },
}

const rule = gaussLegendre(40)

/**
 * E |c + xi|^alpha for xi with density e^(-|u|/s) / 2s. The integrand has kinks at -c and 0. The pieces of the integral
 * become shorter towards each kink, so a fixed rule is accurate to 1e-12 on each piece.
 */
function moment(alpha: number, c: number, s: number): number {
  const far = (60 + 6 * alpha) * s
  const cuts = [-c - far, ...cutsTowards(-c, s), ...cutsTowards(0, s), far].filter((x) => x >= -c - far && x <= far)
  const ends = [...new Set(cuts)].sort((x, y) => x - y)
  let sum = 0
  for (let k = 1; k < ends.length; k++)
    visitNodes(rule, ends[k - 1]!, ends[k]!, (u, weight) => {
      sum += weight * power(Math.abs(c + u), alpha) * exp(-Math.abs(u) / s)
    })
  return sum / (2 * s)
}

function cutsTowards(kink: number, s: number): number[] {
  const points = [kink]
  for (let k = -40; k <= 6; k++) points.push(kink - s * 2 ** k, kink + s * 2 ** k)
  return points
}
