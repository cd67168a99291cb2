import { memoized } from '../memoized.ts'

/** Two significant digits, without an exponent even at 100 % or more. */
export const percent = (share: number): string => inPercent(share, 0, 0)
const inPercent = memoized((share) => `${Number((100 * share).toPrecision(2))} %`)

/** Three significant digits. */
export const short = (value: number): string => inShort(value, 0, 0)
const inShort = memoized((value) => String(Number(value.toPrecision(3))))
