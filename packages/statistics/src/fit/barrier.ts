import { elementary } from '@driftfarm/formula'
import { intercept } from './design.ts'
import type { Fit, Parameter } from './fit.ts'

const { exp } = elementary

/**
 * The barrier in rate = prefactor exp(-barrier / T), from a fit of the logarithm of the rate against 1/T. Its value and
 * limits have the unit of the temperature.
 */
export interface EffectiveBarrier extends Parameter {
  /** The term whose coefficient gives the barrier. */
  readonly term: string
  /** The term is this factor divided by the temperature. The barrier is this factor times the negative coefficient. */
  readonly factor: number
  /** The prefactor, in units of the probability or rate; null if the fit has other terms or no intercept. */
  readonly prefactor: Parameter | null
}

/** The fit must have a log link, and `term` must be `factor` divided by the temperature. */
export function effectiveBarrier(
  { coefficients }: Pick<Fit, 'coefficients'>,
  { term, factor }: { readonly term: string; readonly factor: number },
): EffectiveBarrier {
  const { value, low, high } = coefficients.find(({ name }) => name === term)!
  const level = coefficients.length === 2 ? coefficients.find(({ name }) => name === intercept) : undefined
  return {
    term,
    value: -value * factor,
    low: -high * factor,
    high: -low * factor,
    factor,
    prefactor: level === undefined ? null : { value: exp(level.value), low: exp(level.low), high: exp(level.high) },
  }
}
