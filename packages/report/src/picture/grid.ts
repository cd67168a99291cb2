import type { Surface } from './scene.ts'

/** Losses on a grid that covers a view: columns from low x, rows from low y; what is not finite is Infinity. */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** Row by row. */
  readonly values: Float64Array
}

/**
 * `inset` is where the first node lies between the edge (0) and one spacing inside: 0.5 samples the middles of cells.
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
 * Values that cut a grid into `bands` bands of equal area, ascending: a landscape may be a plain with a narrow valley
 * or have walls a thousand times as high as what is of interest, and every part of it is seen. Equal ones are left out.
 */
export function quantiles({ values }: Grid, bands: number): readonly number[] {
  const sorted = values.filter(Number.isFinite).sort()
  const cuts = Array.from({ length: bands - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bands)]!)
  return [...new Set(cuts)].filter((cut) => cut > sorted[0]!)
}

/** The band of a value: 0 below the first level, levels.length from the last on. */
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
