/** A share in percent with two significant digits, without an exponent for shares in the hundreds. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** A number with three significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(3)))
