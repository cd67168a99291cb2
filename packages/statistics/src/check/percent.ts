/** A share as people write it: two digits, and never an exponent where they read hundreds. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** Three digits of a quantity. */
export const short = (value: number): string => String(Number(value.toPrecision(3)))
