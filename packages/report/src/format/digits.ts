/** Fewer digits would hide differences that readers care about: 2/3 is 0.6667 in every place. */
const fewest = 4

/**
 * Returns a function that prints the numbers of an axis with just enough digits to distinguish its ticks, and all in
 * one notation: either 0.0005 beside 0.001, or 5e-7 beside 1e-6.
 */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const isPlain = ticks.every(hasFewZeros)
  const texts = (digits: number) => new Set(ticks.map((tick) => tickText(tick, digits, isPlain))).size
  let digits = fewest
  while (digits < 15 && texts(digits) < ticks.length) digits++
  return (value) => tickText(value, digits, isPlain)
}

const hasFewZeros = (value: number): boolean => value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6)

/**
 * Prints `digits` significant digits, and all digits before the point. Numbers that are not plain have an exponent,
 * except from 1 to 999.
 */
export function tickText(value: number, digits = fewest, isPlain = hasFewZeros(value)): string {
  const size = Math.abs(value)
  if (!isPlain && size !== 0 && (size >= 1e3 || size < 1)) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
    return `${Number(mantissa)}e${Number(exponent)}`
  }
  if (Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(Math.max(digits, String(Math.trunc(size)).length))))
}
