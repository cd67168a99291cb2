import { grouped } from './quantity.ts'

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
 *     durationText(0.2)  // 'a second'
 *     durationText(5400) // '90 min'
 *     durationText(6e25) // 'longer than the age of the universe (about 2e18 years)'
 */
export function durationText(seconds: number): string {
  if (seconds <= 1) return 'a second'
  if (seconds < 2 * minute) return `${Math.ceil(seconds)} s`
  if (seconds < 2 * hour) return `${Math.round(seconds / minute)} min`
  if (seconds < 2 * day) return `${rounded(seconds / hour)} h`
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
