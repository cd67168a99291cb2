import type { Estimate } from '@driftfarm/statistics'
import { exponential } from './quantity.ts'

/**
 * The value and the interval as text. Both are rounded to the second significant digit of the interval's width.
 *
 *     estimateText({ value: 0.01949, low: 0.01881, high: 0.0202 }) // { value: '0.0195', interval: '[0.0188, 0.0202]' }
 */
export function estimateText({ value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): {
  readonly value: string
  readonly interval: string
} {
  const width = high - low
  const place = width > 0 ? Math.floor(Math.log10(width)) - 1 : -6
  const print = (x: number) => digits(x, place)
  // The width of the interval determines the last digit. A value below one unit of this digit would be printed as 0 or
  // as 1 unit, so the value gets two significant digits.
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  const shown = value !== 0 && exponent < place ? digits(value, exponent - 1) : print(value)
  return { value: shown, interval: `[${print(low)}, ${print(high)}]` }
}

/** Numbers below 0.001 that need more decimals get an exponent, which is clearer than leading zeros. */
const maxDecimals = 6

function digits(x: number, place: number): string {
  if (x === 0 || x === 1) return String(x)
  if (-place <= maxDecimals) return x.toFixed(Math.max(-place, 0)).replace('e+', 'e')
  const exponent = Math.floor(Math.log10(Math.abs(x)))
  if (exponent >= -3) return x.toFixed(Math.min(-place, 12))
  return exponential(x, Math.min(Math.max(exponent - place, 1), 12))
}
