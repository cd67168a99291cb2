import type { Surface } from './scene.ts'

/**
 * Losses on a grid that covers a view. Columns run from low x, rows from low y. Values that are not finite are
 * Infinity.
 */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** `rows * columns` values, row by row. */
  readonly values: Float64Array
}

/**
 * Samples the loss. `inset` is the position of the first node, in spacings from the edge: 0 places nodes on the edge,
 * 0.5 in the middles of cells.
 */
export function sample({ view, loss }: Surface, columns: number, rows: number, inset: 0 | 0.5): Grid {
  const values = new Float64Array(columns * rows)
  const [[left, right], [bottom, top]] = view
  const spacing = (count: number) => (inset === 0 ? count - 1 : count)
  for (let j = 0; j < rows; j++) {
    const y = bottom + ((top - bottom) * (j + inset)) / spacing(rows)
    for (let i = 0; i < columns; i++) {
      const value = loss(left + ((right - left) * (i + inset)) / spacing(columns), y)
      values[j * columns + i] = Number.isFinite(value) ? value : Number.POSITIVE_INFINITY
    }
  }
  return { columns, rows, values }
}

/**
 * Ascending values that divide a grid into `bands` bands of equal area. Thus every part of a landscape can be seen,
 * even if it is a plain with a narrow valley, or has walls a thousand times as high as the rest. Repeated values are
 * left out.
 */
export function quantiles({ values }: Grid, bands: number): readonly number[] {
  const sorted = values.filter(Number.isFinite).sort()
  const cuts = Array.from({ length: bands - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bands)]!)
  return [...new Set(cuts)].filter((cut) => cut > sorted[0]!)
}

/** The index of the band of a value: 0 below the first level, levels.length at or above the last. */
export function bandOf(levels: readonly number[], value: number): number {
  let low = 0
  let high = levels.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value >= levels[middle]!) low = middle + 1
    else high = middle
  }
  return low
}
