/** SQL: the columns by which `isSpread` chooses among rows: the place of each in this order, and how many there are. */
export const placed = (order: string): string =>
  `row_number() over (order by ${order}) - 1 as place, count(*) over () as total`

/**
 * SQL: whether a row is among at most `most` that are evenly spread, including the first and the last; `most` is at
 * least 2. A place p of n is chosen where p (most - 1) / (n - 1) reaches another integer.
 */
export const isSpread = (most: string): string =>
  `(total <= ${most} or place * (${most} - 1) % greatest(total - 1, 1) < ${most} - 1)`
