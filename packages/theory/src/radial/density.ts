import { elementary } from '@driftfarm/formula'
import { logGamma } from '@driftfarm/statistics'

const { exp, log } = elementary

/** The density of |m e_1 + s xi| at y, where xi is a standard Gaussian vector. */
export type RadialDensity = (y: number, m: number, s: number) => number

const halfLogTwoPi = 0.9189385332046727

/**
 * The noncentral chi density: y^(d-1) s^-d exp(-(y - m)^2 / 2 s^2) g(y m / s^2) with g(z) = z^-nu e^-z I_nu(z), nu =
 * d/2 - 1. In one dimension it is the folded normal density. The relative error is 1e-12.
 */
export function radialDensity(dimension: number): RadialDensity {
  if (dimension === 1) return foldedNormal
  const logG = dimension === 3 ? logSinhRatio : logScaledBessel(dimension / 2 - 1)
  return (y, m, s) => {
    if (!(y > 0)) return 0
    const gap = (y - m) / s
    return exp((dimension - 1) * log(y) - dimension * log(s) - (gap * gap) / 2 + logG((y / s) * (m / s)))
  }
}

function foldedNormal(y: number, m: number, s: number): number {
  const near = (y - m) / s
  const far = (y + m) / s
  return ((exp(-(near * near) / 2) + exp(-(far * far) / 2)) * 0.3989422804014327) / s
}

/** ln g for nu = 1/2, where g(z) = sqrt(2/pi) e^-z sinh(z) / z. */
function logSinhRatio(z: number): number {
  const ratio = z < 0.05 ? (1 + (z * z) / 6 + z ** 4 / 120) * exp(-z) : (1 - exp(-2 * z)) / (2 * z)
  return log(ratio) - 0.22579135264472744
}

/**
 * Returns ln(z^-nu e^-z I_nu(z)), by Hankel's expansion (DLMF 10.40.1) if it is accurate to the last digit, else by the
 * power series from its largest term.
 */
function logScaledBessel(nu: number): (z: number) => number {
  const square = 4 * nu * nu
  const logFactorials: number[] = []
  return (z) => {
    if (z > 40 + 2 * nu * nu) {
      let term = 1
      let sum = 1
      for (let k = 1; k < 60 && Math.abs(term) > 1e-17; k++) {
        term *= -(square - (2 * k - 1) * (2 * k - 1)) / (8 * k * z)
        sum += term
      }
      return log(sum) - (nu + 0.5) * log(z) - halfLogTwoPi
    }
    const quarter = (z * z) / 4
    const top = Math.floor((Math.sqrt(nu * nu + z * z) - nu) / 2)
    let sum = 1
    for (let term = 1, k = top; term > 1e-17; k++) {
      term *= quarter / ((k + 1) * (k + 1 + nu))
      sum += term
    }
    for (let term = 1, k = top; k > 0 && term > 1e-17; k--) {
      term *= (k * (k + nu)) / quarter
      sum += term
    }
    for (let k = logFactorials.length; k <= top; k++) logFactorials.push(logGamma(k + 1) + logGamma(k + nu + 1))
    const largest = (top === 0 ? 0 : top * log(quarter)) - logFactorials[top]!
    return largest + log(sum) - nu * Math.LN2 - z
  }
}
