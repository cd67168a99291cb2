import { commandText, durationText, percent, short, valueLabel } from '@driftfarm/report'

export { commandText, percent }

/**
 * A short form of a count of any size, such as 2.5M. 64-bit counts are passed as decimal text, because a JavaScript
 * number may round them.
 */
export const counted = (value: string | number): string => short(typeof value === 'string' ? BigInt(value) : value)

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** For example `900 of ≤ 2.5M`. `atMost` marks the requested number as an upper limit, as for `etaText`. */
export const doneText = (done: string, requested: string, atMost: boolean): string =>
  `${counted(done)} of ${atMost ? '≤ ' : ''}${counted(requested)}`

/**
 * The time that `left` more trials take at the current speed. `atMost` marks this time as an upper limit, for sweeps
 * with a stopping rule.
 */
export function etaText(left: number, perSecond: number | null, atMost: boolean): string {
  if (left <= 0) return ''
  if (perSecond === null || perSecond <= 0) return '–'
  return `${atMost ? '≤ ' : ''}${durationText(left / perSecond)}`
}

export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return value > 0 ? '∞' : '−∞'
  const text = size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(2)
  return text.replace('e+', 'e').replaceAll('-', '−')
}

/** What the outcome `undecided` means. */
export const undecidedText = 'Undecided: no event ended the trial by its last step.'

/** If only one limit is null, it is infinite: documents of cells have no other numbers that JSON lacks. */
export const intervalText = (low: number | null | undefined, high: number | null | undefined): string =>
  (low ?? high ?? null) === null
    ? ''
    : `[${numberText(low ?? Number.NEGATIVE_INFINITY)}, ${numberText(high ?? Number.POSITIVE_INFINITY)}]`

export const timeText = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export const clockText = (date: Date): string =>
  date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })

export const valueText = (value: unknown): string => (typeof value === 'number' ? numberText(value) : valueLabel(value))

/** In most sweeps, the part after the last dot identifies a swept path. */
export const pathText = (path: string): string => path.split('.').at(-1) ?? path

/** The first 12 characters of an id, which are shown to people and identify the sweep. */
export const shortId = (id: string): string => id.slice(0, 12)
