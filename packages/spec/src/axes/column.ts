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
  /** How results show value `index`; absent if they show the value itself. */
  shown?(index: number): unknown
  /** True if the values are computed from the two ends of a range, so that checking a few of them suffices. */
  readonly isRange: boolean
  readonly keyAt: Written
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
  /** The design that generates the points; absent if they are listed. */
  readonly design?: DesignForm
  /** True for the axis of a `threshold`, along which a search chooses the points. */
  readonly isSearched?: boolean
}

/** The searched axis comes last, so that the points of one search have neighbouring indices. */
export function inOrder(a: Axis, b: Axis): number {
  const [left, right] = [a, b].map(({ isSearched = false }) => Number(isSearched)) as [number, number]
  return left - right || byName(a.columns[0]!, b.columns[0]!)
}

/** Orders by UTF-16 code units, which gives the same order in every JavaScript engine. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

export function axisOf(columns: readonly Column[]): Axis {
  return { columns: [...columns].sort(byName), length: columns[0]!.length }
}
