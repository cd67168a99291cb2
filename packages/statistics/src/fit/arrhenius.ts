import { elementary } from '@driftfarm/formula'
import type { Fit, Parameter } from './fitCells.ts'

const { exp } = elementary

/** rate = prefactor exp(-barrier / T), read off a line of the logarithm of the rate against 1/T. */
export interface Arrhenius {
  /** In units of the temperature. */
  readonly barrier: Parameter
  /** In units of the probability or rate. */
  readonly prefactor: Parameter
}

/** From a fit with log link whose x is `factor` divided by the temperature. */
export function arrhenius({ slope, intercept }: Pick<Fit, 'slope' | 'intercept'>, factor = 1): Arrhenius {
  return {
    barrier: { value: -slope.value * factor, low: -slope.high * factor, high: -slope.low * factor },
    prefactor: { value: exp(intercept.value), low: exp(intercept.low), high: exp(intercept.high) },
  }
}
