/** Returns a function that prints the numbers of an axis with just enough digits to distinguish its ticks. */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  for (let digits = 3; digits < 15; digits++) {
    const texts = ticks.map((tick) => tickText(tick, digits))
    if (new Set(texts).size === ticks.length) return (value) => tickText(value, digits)
  }
  return (value) => tickText(value, 15)
}

/** Prints `digits` significant digits, one more above 100, and whole numbers up to 99,999 as they are. */
export function tickText(value: number, digits = 3): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
    return `${Number(mantissa)}e${Number(exponent)}`
  }
  if (Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(size >= 100 ? digits + 1 : digits)))
}
