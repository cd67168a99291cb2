import { memoized } from '../memoized.ts'

/** A share in percent with two significant digits. Shares of 100 % or more are written without an exponent. */
export const percent = (share: number): string => inPercent(share, 0, 0)
const inPercent = memoized((share) => `${Number((100 * share).toPrecision(2))} %`)

/** A number with three significant digits. */
export const short = (value: number): string => inShort(value, 0, 0)
const inShort = memoized((value) => String(Number(value.toPrecision(3))))
