const units = ['', 'k', 'M', 'G', 'T']

/**
 * A number as people write it, to three digits.
 *
 *     short(9876)    // '9876'
 *     short(999_999) // '1M'
 *     short(4.2e18)  // '4.2e18'
 */
export function short(value: number | bigint): string {
  const exact = Number(value)
  if (exact < 10_000) return String(Math.round(exact))
  // Rounded first: it may reach the next unit.
  const [digits = '', exponent = '0'] = exact.toExponential(2).split('e')
  const power = Number(exponent)
  const unit = units[Math.floor(power / 3)]
  return unit === undefined
    ? `${Number(digits)}e${power}`
    : `${Number((Number(digits) * 10 ** (power % 3)).toFixed(2))}${unit}`
}

/** 60000 -> 60,000 */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

/** A share in per cent, to two digits or to the whole one: 0.0123 -> 1.2 %, 2.7 -> 270 %. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value >= 99.5) return `${value < 1e6 ? grouped(value) : short(value)} %`
  return value < 1e-4 ? `${value.toExponential(0)} %` : `${value.toPrecision(2)} %`
}
