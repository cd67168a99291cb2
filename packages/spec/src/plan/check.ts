import { atKey } from '../axes/check.ts'
import type { Column } from '../axes/column.ts'
import type { Grid } from '../axes/grid.ts'
import { isWithin } from '../document/path.ts'
import type { Source } from '../document/source.ts'
import { placed } from '../document/source.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { checkShape } from '../schema/check.ts'
import type { Cells } from './cells.ts'
import { Point } from './point.ts'

/**
 * Refuses a document whose shape is wrong with any value of any axis: the first point, then each value of each
 * axis beside the first values of the others. Of numbers at one place the shape is checked once.
 */
export function checkShapes(grid: Grid, base: Source): void {
  const first = grid.axes.map(() => 0)
  checkPoint(new Point(grid, base, first), grid.columns)
  for (const [axis, { columns, length }] of grid.axes.entries()) {
    for (let i = 1; i < length; i++) {
      if (columns.every((column) => isAlike(column, i))) continue
      checkPoint(new Point(grid, base, first.with(axis, i)), columns)
    }
  }
}

function checkPoint(point: Point, columns: readonly Column[]): void {
  placed(
    () => point.source(),
    () => {
      try {
        checkShape(point.document)
      } catch (error) {
        if (error instanceof Mistake && error.code === 'UNKNOWN_KEY') refusePath(error, columns)
        throw error
      }
    },
  )
}

/** Whether value `i` has the shape of value 0 without a look at the schema: numbers, and seeds as texts. */
function isAlike({ at, path }: Column, i: number): boolean {
  const kind = typeof at(i)
  return kind === typeof at(0) && (kind === 'number' || (kind === 'string' && path[0] === 'seed'))
}

/** An unknown key that only a swept path brought in is an unknown path. */
function refusePath(mistake: Mistake, columns: readonly Column[]): void {
  const column = columns.find(({ path }) => isWithin(path, mistake.path))
  if (column === undefined) return
  const above = mistake.path.slice(0, -1)
  const known = (mistake.details.known ?? []).map((key) => [...above, key].join('.'))
  throw atKey(column, 'UNKNOWN_PATH', { word: mistake.path.join('.'), known })
}

/**
 * Refuses numbers out of range, unknown names and the like before any work is done: in every cell of a small sweep;
 * of a large one with each axis value beside the first values of the others, the rest when their cells are made.
 */
export function checkCells(grid: Grid, cells: Cells, kept: Uint32Array | null): void {
  if (kept !== null || grid.size <= limits.checkedCells) {
    for (const i of spread(kept?.length ?? grid.size)) cells.check(cells.point(kept?.[i] ?? i))
    return
  }
  let stride = grid.size
  for (const { columns, length } of grid.axes) {
    stride /= length
    for (const i of columns.every(({ isRange }) => isRange) ? spread(length) : Array(length).keys())
      cells.check(cells.point(i * stride))
  }
}

/** 0 .. count - 1, of a large count both ends and every k-th. */
function* spread(count: number): Iterable<number> {
  const step = Math.ceil(count / limits.checkedCells)
  for (let i = 0; i < count; i += step) yield i
  if ((count - 1) % step !== 0) yield count - 1
}
