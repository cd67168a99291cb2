import { elementary } from '@driftfarm/formula'
import type { Law } from '@driftfarm/spec'
import { integral } from '../quadrature.ts'
import type { Factor } from './factor.ts'
import { atoms } from './factorOf.ts'

const { cos, exp, log, power, sin } = elementary

/**
 * |A| = |1 - z e^(i phi)|, phi = sigma xi: a step against a gradient that is turned by phi, on an isotropic quadratic. With
 * c_k = E cos(k phi), E log |A| = -sum_k z^k c_k / k for z <= 1, and log z - sum_k z^-k c_k / k beyond. null for a law whose
 * characteristic function is not elementary.
 */
export function rotationFactor(law: Law, z: number, sigma: number): Factor | null {
  const sizeAt = (phi: number) => Math.sqrt(1 + z * z - 2 * z * cos(phi))
  if (law.kind === 'rademacher' || law.kind === 'sphere') return atoms([[sizeAt(sigma), 1]])
  const mean = meanCosine(law, sigma)
  if (mean === null) return null
  const { share, density, reach } = mean
  return {
    expectedLog: (z <= 1 ? 0 : log(z)) - series(z <= 1 ? z : 1 / z, share),
    meanSquare: 1 + z * z - 2 * z * share(1),
    moment: (p) => 2 * integral(0, reach, (phi) => density(phi) * power(sizeAt(phi), p)),
  }
}

interface Angle {
  /** E cos(k phi). */
  readonly share: (k: number) => number
  /** Of phi on (-reach, reach), wrapped round the circle where the law is not bounded. */
  readonly density: (phi: number) => number
  readonly reach: number
}

function meanCosine(law: Law, sigma: number): Angle | null {
  switch (law.kind) {
    case 'gaussian':
      return wrapped((k) => exp(-(k * sigma * k * sigma) / 2))
    case 'cauchy':
      return wrapped((k) => exp(-k * sigma))
    case 'stable':
      return wrapped((k) => exp(-power(k * sigma, law.alpha)))
    case 'uniform':
    case 'ball': {
      const reach = Math.sqrt(3) * sigma
      return { share: (k) => sin(k * reach) / (k * reach), density: () => 0.5 / reach, reach }
    }
    default:
      return null
  }
}

/** Terms of a series that is cut off where they are below the last digit, or here. */
const mostTerms = 200_000

function series(inner: number, share: (k: number) => number): number {
  let sum = 0
  let factor = 1
  for (let k = 1; k <= mostTerms; k++) {
    factor *= inner
    if (factor < 1e-18) break
    sum += (factor * share(k)) / k
  }
  return sum
}

/** The density of a wrapped law by its Fourier series. */
function wrapped(share: (k: number) => number): Angle {
  const shares: number[] = []
  for (let k = 1; k <= 2000; k++) {
    const one = share(k)
    if (one < 1e-17) break
    shares.push(one)
  }
  return {
    share,
    density: (phi) => shares.reduce((sum, one, k) => sum + 2 * one * cos((k + 1) * phi), 1) / (2 * Math.PI),
    reach: Math.PI,
  }
}
