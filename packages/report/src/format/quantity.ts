import type { Estimate } from '@driftfarm/statistics'

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

/** A number with this many significant digits, or with an exponent if it is below 0.001 or not below `large`. */
export function scientific(value: number | string, digits: number, large: number): string {
  if (typeof value === 'string') return value
  const size = Math.abs(value)
  return size !== 0 && (size < 1e-3 || size >= large) ? exponential(value, 4) : significant(value, digits)
}

/** A number rounded to an integer, with commas between the thousands: 60000 becomes 60,000. */
export function grouped(value: number): string {
  integers ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
  return integers.format(value)
}
/** Made when it is first used. `toLocaleString` would make it for each number, which takes 20 µs. */
let integers: Intl.NumberFormat | undefined

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

/**
 * The value and the interval as text. Both are rounded to the second significant digit of the interval's width.
 *
 *     estimateText({ value: 0.01949, low: 0.01881, high: 0.0202 }) // { value: '0.0195', interval: '[0.0188, 0.0202]' }
 *
 * If a number is infinite or NaN, the width says nothing about digits, and the others get three. Such numbers may be
 * given as the text that documents contain.
 */
export function estimateText(estimate: Readonly<Record<'value' | 'low' | 'high', number | string>>) {
  const [value, low, high] = [Number(estimate.value), Number(estimate.low), Number(estimate.high)]
  const width = high - low
  if (!Number.isFinite(value + width))
    return { value: realText(value), interval: `[${realText(low)}, ${realText(high)}]` }
  const place = width > 0 ? Math.floor(Math.log10(width)) - 1 : -6
  const print = (x: number) => digits(x, place)
  // The width of the interval determines the last digit. A value below one unit of this digit would be printed as 0 or
  // as 1 unit, so the value gets two significant digits.
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  const shown = value !== 0 && exponent < place ? digits(value, exponent - 1) : print(value)
  return { value: shown, interval: `[${print(low)}, ${print(high)}]` }
}

/** Three significant digits of a finite number, ∞ or -∞, and `unknown` for NaN, for example for 0/0. */
export function realText(x: number): string {
  if (Number.isNaN(x)) return 'unknown'
  return Number.isFinite(x) ? significant(x, 3) : x < 0 ? '-∞' : '∞'
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

const minute = 60
const hour = 3600
const day = 86_400
const year = 365.25 * day

/** Comparisons for durations so long that a number of years means little. */
const longer: readonly (readonly [years: number, words: string])[] = [
  [1.4e10, 'longer than the age of the universe'],
  [5000, 'longer than written history'],
  [100, 'longer than a human life'],
]

/**
 * A duration in words, rounded.
 *
 *     durationText(0.2)  // 'under 1 s'
 *     durationText(5400) // '90 min'
 *     durationText(6e25) // 'longer than the age of the universe (about 2e18 years)'
 */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under 1 s'
  // Compared as printed, so that 2 min are not also written as 120 s.
  if (Math.ceil(seconds) < 120) return `${Math.ceil(seconds)} s`
  if (Math.round(seconds / minute) < 120) return `${Math.round(seconds / minute)} min`
  if (Math.round(seconds / hour) < 48) return `${rounded(seconds / hour)} h`
  if (seconds < year) return `${rounded(seconds / day)} days`
  const years = seconds / year
  if (years < 1.05) return 'a year'
  const words = longer.find(([least]) => years >= least)?.[1]
  return words === undefined ? `${rounded(years)} years` : `${words} (about ${yearsText(years)})`
}

const rounded = (value: number): string =>
  value < 10 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value))

function yearsText(years: number): string {
  if (years < 1e6) return `${grouped(Number(years.toPrecision(2)))} years`
  if (years < 1e9) return `${Number((years / 1e6).toPrecision(2))} million years`
  if (years < 1e12) return `${Number((years / 1e9).toPrecision(2))} billion years`
  return `${years.toExponential(0).replace('+', '')} years`
}

/** The two texts of `estimateText` as a list. */
export function parameterText(estimate: Parameters<typeof estimateText>[0]): [value: string, interval: string] {
  const { value, interval } = estimateText(estimate)
  return [value, interval]
}

/** A confidence in percent: confidenceText(0.95) is '95 %'. */
export const confidenceText = (confidence: number, digits = 12): string =>
  `${Number((100 * confidence).toPrecision(digits))} %`

/** For example `95 % clopper-pearson (simultaneous over 20 cells)`. */
export function methodText(
  { confidence, method, simultaneous }: Pick<Estimate, 'confidence' | 'method' | 'simultaneous'>,
  items = 'cells',
): string {
  const shared = simultaneous === undefined ? '' : ` (simultaneous over ${simultaneous} ${items})`
  return `${confidenceText(confidence)} ${method}${shared}`
}

/** Joins the consecutive indices of an ascending list: `0, 4, 8-12`. */
export function runsOf(indices: readonly number[]): string[] {
  const runs: { readonly first: number; last: number }[] = []
  for (const index of indices) {
    const run = runs.at(-1)
    if (run !== undefined && index === run.last + 1) run.last = index
    else runs.push({ first: index, last: index })
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
}
