const units = ['', 'k', 'M', 'G', 'T']

/**
 * Rounds a number below 10,000 to an integer. A larger number has at most three significant digits, followed by a unit
 * (k, M, G or T) or, from 10^15 on, by an exponent.
 *
 *     short(9876)    // '9876'
 *     short(999_999) // '1M'
 *     short(4.2e18)  // '4.2e18'
 */
export function short(value: number | bigint): string {
  const exact = Number(value)
  if (exact < 10_000) return String(Math.round(exact))
  // The number is rounded before its unit is chosen, because 999,999 rounds to 1M.
  const [digits = '', exponent = '0'] = exact.toExponential(2).split('e')
  const power = Number(exponent)
  const unit = units[Math.floor(power / 3)]
  return unit === undefined
    ? `${Number(digits)}e${power}`
    : `${Number((Number(digits) * 10 ** (power % 3)).toFixed(2))}${unit}`
}

/**
 * A number rounded to `digits` significant digits, without trailing zeros. Numbers below 1e-6 and from 1e21 on have an
 * exponent without a plus sign.
 *
 *     significant(1500, 3)   // '1500'
 *     significant(0.0125, 2) // '0.013'
 *     significant(4e25, 2)   // '4e25'
 */
export const significant = (value: number, digits: number): string =>
  String(Number(value.toPrecision(digits))).replace('e+', 'e')

/**
 * A number with `digits` significant digits, including trailing zeros: 0.0200. A number that would need a positive
 * exponent is written by `short`: 1500 instead of 1.50e+3.
 */
export function precise(value: number, digits: number): string {
  const text = value.toPrecision(digits)
  return text.includes('e+') ? short(value) : text
}

/** A number with an exponent that has no plus sign: 1.5e7, not 1.5e+7. */
export const exponential = (value: number, decimals?: number): string =>
  value.toExponential(decimals).replace('e+', 'e')

/** A number rounded to an integer, with commas between the thousands: 60000 becomes 60,000. */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

/**
 * A share as a percentage, with two significant digits below 99.5 % and as an integer otherwise: 0.0123 becomes 1.2 %,
 * and 2.7 becomes 270 %.
 */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value >= 99.5) return `${value < 1e6 ? grouped(value) : short(value)} %`
  return value < 1e-4 ? `${exponential(value, 0)} %` : `${value.toPrecision(2)} %`
}

export { countText } from '@driftfarm/formula'
