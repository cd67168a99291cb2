import type { Path } from '../document/path.ts'
import type { Source } from '../document/source.ts'
import type { DesignForm } from '../schema/axes.ts'

/** The values of one swept path, in order. */
export interface Column {
  /** The path as typed, such as `update.eta`. */
  readonly name: string
  readonly path: Path
  readonly length: number
  at(index: number): unknown
  /** How results show value `index`, where that differs from the value itself. */
  shown?(index: number): unknown
  /** True if the values are computed between two ends, so that a few represent all; false if they are listed. */
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

/** Columns of equal length that advance together (zipped): one dimension of the grid. */
export interface Axis {
  readonly columns: readonly Column[]
  readonly length: number
  /** The design that makes its points; absent if the points are listed. */
  readonly design?: DesignForm
  /** Whether trials are placed on it by a search: the axis of `threshold`. */
  readonly isSearched?: boolean
}

/**
 * Orders axes by their first paths; the one that is searched comes last, so that the points of a search are together.
 */
export function inOrder(a: Axis, b: Axis): number {
  const [left, right] = [a, b].map(({ isSearched = false }) => Number(isSearched)) as [number, number]
  return left - right || byName(a.columns[0]!, b.columns[0]!)
}

/** Orders names by UTF-16 code units, which is the same in every JavaScript engine. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

export function axisOf(columns: readonly Column[]): Axis {
  return { columns: [...columns].sort(byName), length: columns[0]!.length }
}
