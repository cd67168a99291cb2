import { elementary } from '@driftfarm/formula'
import type { DriftLaw } from '../drift/driftLaw.ts'
import { atoms, type Factor } from '../drift/factor.ts'
import { integral } from '../quadrature.ts'

const { cos, log, power } = elementary

/**
 * Returns the factor |A| = |1 - z e^(i phi)| by which a step changes |theta| if the loss is quadratic and isotropic,
 * and the gradient is turned by the random angle phi = sigma xi. Here z is eta times the curvature.
 * Let c_k = E cos(k phi). Then E log |A| is -sum_k z^k c_k / k for z <= 1, and log z - sum_k z^-k c_k / k for z > 1.
 * Returns null if the distribution has no elementary characteristic function.
 */
export function rotationFactor(law: DriftLaw, z: number, sigma: number): Factor | null {
  const sizeAt = (phi: number) => Math.sqrt(1 + z * z - 2 * z * cos(phi))
  if (law.isSign) return atoms([[sizeAt(sigma), 1]])
  const angle = law.angle(sigma)
  if (angle === null) return null
  const { share, density, reach } = angle
  return {
    expectedLog: (z <= 1 ? 0 : log(z)) - series(z <= 1 ? z : 1 / z, share),
    meanSquare: 1 + z * z - 2 * z * share(1),
    moment: (p) => 2 * integral(0, reach, (phi) => density(phi) * power(sizeAt(phi), p)),
  }
}

const maxTerms = 200_000

function series(inner: number, share: (k: number) => number): number {
  let sum = 0
  let factor = 1
  for (let k = 1; k <= maxTerms; k++) {
    factor *= inner
    if (factor < 1e-18) break
    sum += (factor * share(k)) / k
  }
  return sum
}
