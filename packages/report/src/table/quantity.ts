const units = ['', 'k', 'M', 'G', 'T']

/**
 * A number with three significant digits, in the usual notation.
 *
 *     short(9876)    // '9876'
 *     short(999_999) // '1M'
 *     short(4.2e18)  // '4.2e18'
 */
export function short(value: number | bigint): string {
  const exact = Number(value)
  if (exact < 10_000) return String(Math.round(exact))
  // The number is rounded first, since rounding may reach the next unit.
  const [digits = '', exponent = '0'] = exact.toExponential(2).split('e')
  const power = Number(exponent)
  const unit = units[Math.floor(power / 3)]
  return unit === undefined
    ? `${Number(digits)}e${power}`
    : `${Number((Number(digits) * 10 ** (power % 3)).toFixed(2))}${unit}`
}

/**
 * A number with the given number of significant digits, without an exponent if none is usual, and never with `e+`.
 *
 *     significant(1500, 3)   // '1500'
 *     significant(0.0125, 2) // '0.013'
 *     significant(4e25, 2)   // '4e25'
 */
export const significant = (value: number, digits: number): string =>
  String(Number(value.toPrecision(digits))).replace('e+', 'e')

/** The same with trailing zeros that show the precision: 0.0200, but 1500 instead of 1.50e+3. */
export function precise(value: number, digits: number): string {
  const text = value.toPrecision(digits)
  return text.includes('e+') ? short(value) : text
}

/** A number with an exponent in the usual notation: 1.5e7, not 1.5e+7. */
export const exponential = (value: number, decimals?: number): string =>
  value.toExponential(decimals).replace('e+', 'e')

/** Digits grouped by thousands: 60000 becomes 60,000. */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

/**
 * A share in per cent, with two significant digits or, from 99.5 % on, as an integer: 0.0123 becomes 1.2 %, 2.7 becomes
 * 270 %.
 */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value >= 99.5) return `${value < 1e6 ? grouped(value) : short(value)} %`
  return value < 1e-4 ? `${exponential(value, 0)} %` : `${value.toPrecision(2)} %`
}
