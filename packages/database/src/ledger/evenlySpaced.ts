export const rankColumns = (order: string): string =>
  `row_number() over (order by ${order}) - 1 as place, count(*) over () as total`

/**
 * SQL: whether a row belongs to a selection of evenly spaced rows, which includes the first and the last row. The
 * selection has `most` rows, or all rows if there are fewer; `most` must be at least 2. Position p of n is chosen if
 * p * (most - 1) / (n - 1), rounded down, is larger than for position p - 1.
 */
export const isEvenlySpaced = (most: string): string =>
  `(total <= ${most} or place * (${most} - 1) % greatest(total - 1, 1) < ${most} - 1)`
