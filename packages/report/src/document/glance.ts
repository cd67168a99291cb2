import type { SweptRange } from './fields.ts'

/** The numbers of a small picture of a sweep: a line over its only axis, or a map over the first two axes. */
export interface GlanceData {
  readonly estimate: string
  readonly columns: number
  /** 1 for a line; 0 if there is no picture, because the cells are no grid. */
  readonly rows: number
  /** Row by row, from the lowest row up; null where a cell has no value. */
  readonly values: readonly (number | null)[]
}

const maxPerAxis = 24

/** Evenly spaced places, with the first and the last one. */
const spread = (count: number): number[] => {
  const shown = Math.min(count, maxPerAxis)
  return Array.from({ length: shown }, (_, at) => Math.round((at * (count - 1)) / Math.max(1, shown - 1)))
}

/**
 * The indices of the cells in a small picture, row by row. At further axes, the cells have the first value. Null if the
 * cells are no grid over the axes, as in a design.
 */
export function glanceGrid(axes: readonly SweptRange[], cells: number) {
  const wide = axes.map(({ count }) => count ?? 0)
  // Lists that are swept together are one axis.
  const counts = wide.length > 0 && wide.every((count) => count === cells) ? [cells] : wide
  if (counts.reduce((product, count) => product * count, 1) !== cells) return null
  const strides = counts.map((_, at) => counts.slice(at + 1).reduce((product, count) => product * count, 1))
  const shown = counts.flatMap((count, at) => (count > 1 ? [{ places: spread(count), stride: strides[at]! }] : []))
  const [x = { places: [0], stride: 1 }, y = { places: [0], stride: 0 }] = shown
  const indices = y.places.flatMap((row) => x.places.map((column) => row * y.stride + column * x.stride))
  return { columns: x.places.length, rows: y.places.length, indices }
}

/** `valueOf` returns the value of the cell with this index. */
export function glanceData(
  estimate: string,
  grid: ReturnType<typeof glanceGrid>,
  valueOf: (index: number) => number | null | undefined,
): GlanceData {
  if (grid === null) return { estimate, columns: 0, rows: 0, values: [] }
  const { columns, rows, indices } = grid
  const finite = (value: number | null | undefined) => (Number.isFinite(value) ? value! : null)
  return { estimate, columns, rows, values: indices.map((index) => finite(valueOf(index))) }
}
