import type { Path } from '../document/path.ts'
import type { Source } from '../document/source.ts'

/** The values of one swept path, in order. */
export interface Column {
  /** As typed: update.eta. */
  readonly name: string
  readonly path: Path
  readonly length: number
  at(index: number): unknown
  /** What results call value `index`, where that is not the value. */
  shown?(index: number): unknown
  /** Values computed between two ends, monotone; others are as written. */
  readonly isRange: boolean
  /** Where the path was written. */
  readonly keyAt: Written
  /** Where value `index` was written. */
  writtenAt(index: number): Written
}

export interface Written {
  readonly source: Source
  readonly path: Path
}

/** Columns of equal length that go along together: one dimension of the grid. */
export interface Axis {
  readonly columns: readonly Column[]
  readonly length: number
}

/** By code units, the order of every engine. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

export function axisOf(columns: readonly Column[]): Axis {
  return { columns: [...columns].sort(byName), length: columns[0]!.length }
}
