import type { Source } from '../document/source.ts'
import type { Path } from '../document/value.ts'
import type { DesignForm } from './forms.ts'

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

/** A column whose values are computed, and are all written at one place. */
export function rangeColumn(name: string, length: number, at: Column['at'], keyAt: Written): Column {
  return { name, path: name.split('.'), length, at, isRange: true, keyAt, writtenAt: () => keyAt }
}

/** A column whose values are listed. */
export function listColumn(
  name: string,
  values: readonly unknown[],
  places: Pick<Column, 'keyAt' | 'writtenAt'>,
): Column {
  return { name, path: name.split('.'), length: values.length, at: (i) => values[i], isRange: false, ...places }
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
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

export function axisOf(columns: readonly Column[]): Axis {
  return { columns: [...columns].sort(byName), length: columns[0]!.length }
}

/**
 * The Cartesian product of axes, with the last axis varying fastest. Points are not stored: the
 * mixed-radix digits of a point's index give the point's position on each axis.
 */
export class Grid {
  readonly columns: readonly Column[]
  /** The columns, each with the index of its axis. */
  readonly entries: readonly { readonly column: Column; readonly axis: number }[]
  readonly size: number

  constructor(readonly axes: readonly Axis[]) {
    this.entries = axes.flatMap(({ columns }, axis) => columns.map((column) => ({ column, axis })))
    this.columns = this.entries.map(({ column }) => column)
    this.size = axes.reduce((size, { length }) => size * length, 1)
  }

  digits(index: number): number[] {
    const digits = new Array<number>(this.axes.length)
    let rest = index
    for (let i = this.axes.length - 1; i >= 0; i--) {
      const { length } = this.axes[i]!
      digits[i] = rest % length
      rest = (rest - digits[i]!) / length
    }
    return digits
  }
}
