export const rankColumns = (order: string): string =>
  `row_number() over (order by ${order}) - 1 as place, count(*) over () as total`

/**
 * SQL: whether a row belongs to a selection of evenly spaced rows, which includes the first and the last row. The
 * selection has `most` rows, or all rows if there are fewer; `most` must be at least 2. Let q(p) be
 * p * (most - 1) / (n - 1), rounded down. Of n rows, the row at position p (from 0) is chosen if p = 0 or
 * q(p) > q(p - 1).
 */
export const isEvenlySpaced = (most: string): string =>
  `(total <= ${most} or place * (${most} - 1) % greatest(total - 1, 1) < ${most} - 1)`
