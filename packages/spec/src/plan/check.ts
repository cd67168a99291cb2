import type { Column, Grid } from '../axes/grid.ts'
import { placed, type Source } from '../document/source.ts'
import { isWithin } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { type Findings, Mistakes } from '../mistakes.ts'
import { checkShape } from '../schema/check.ts'
import type { Cells } from './cells.ts'
import { atKey } from './checkAxes.ts'
import { Point } from './point.ts'

/**
 * Finds all values that do not have the shape of a spec. Checks the first point, then each value of each axis combined
 * with the first values of the other axes. If the first value of an axis is a number, the other numbers of the axis are
 * not checked, since they have the same shape.
 */
export function checkShapes(grid: Grid, base: Source, findings: Findings): boolean {
  const first = grid.axes.map(() => 0)
  let isSound = checkPoint(new Point(grid, base, first), grid.columns, findings)
  for (const [axis, { columns, length }] of grid.axes.entries()) {
    if (columns.every(({ isRange }) => isRange)) continue
    for (let i = 1; i < length && !findings.full; i++) {
      if (columns.every((column) => isAlike(column, i))) continue
      isSound = checkPoint(new Point(grid, base, first.with(axis, i)), columns, findings) && isSound
    }
  }
  return isSound
}

function checkPoint(point: Point, columns: readonly Column[], findings: Findings): boolean {
  const sound = findings.try(() =>
    placed(point, () => {
      const { mistakes } = checkShape(point.document)
      if (mistakes.length > 0) throw new Mistakes(mistakes.map((mistake) => asPath(mistake, columns)))
      return true
    }),
  )
  return sound ?? false
}

/**
 * Whether value `i` of a column certainly has the same shape as value 0, so that it need not be checked. This is so if
 * both values are numbers, or if both are seeds written as strings.
 */
function isAlike({ at, path }: Column, i: number): boolean {
  const kind = typeof at(i)
  return kind === typeof at(0) && (kind === 'number' || (kind === 'string' && path[0] === 'seed'))
}

/**
 * If an axis sweeps the unknown key of `mistake`, returns another mistake: the path of the axis is unknown. Its place
 * is where the axis names the path.
 */
function asPath(mistake: Mistake, columns: readonly Column[]): Mistake {
  const column = columns.find(({ path }) => isWithin(path, mistake.path))
  if (mistake.code !== 'UNKNOWN_KEY' || column === undefined) return mistake
  const above = mistake.path.slice(0, -1)
  const { known = [], hint, meant } = mistake.details
  const paths = known.map((key) => [...above, key].join('.'))
  const fix = meant && [...meant, ...column.path.slice(mistake.path.length)].join('.')
  const better = fix === undefined ? hint : `did you mean ${fix}?`
  const word = mistake.path.join('.')
  return atKey(column, 'UNKNOWN_PATH', { word, known: paths, hint: better, fix })
}

/**
 * Finds numbers out of range, unknown names and the like before any work is done. In a small sweep, every cell is
 * checked. In a large sweep, each axis value is checked with the first values of the other axes. The remaining cells
 * are checked when they are made.
 */
export function checkCells(grid: Grid, cells: Cells, kept: Uint32Array | null, findings: Findings): void {
  let since = 0
  for (const index of checkedPoints(grid, kept)) {
    const known = findings.all.length
    findings.try(() => cells.check(cells.point(index)))
    since = findings.all.length > known ? 0 : since + 1
    if (findings.full || (findings.failed && since > limits.pointsWithoutNews)) return
  }
}

function* checkedPoints(grid: Grid, kept: Uint32Array | null): Generator<number> {
  if (kept !== null || grid.size <= limits.checkedCells) {
    for (const i of spread(kept?.length ?? grid.size)) yield kept?.[i] ?? i
    return
  }
  let stride = grid.size
  for (const { columns, length } of grid.axes) {
    stride /= length
    for (const i of columns.every(({ isRange }) => isRange) ? spread(length) : Array(length).keys()) yield i * stride
  }
}

/**
 * Yields the indices 0 .. count - 1. If there are more than `limits.checkedCells`, yields only the two ends and every
 * k-th index between them.
 */
function* spread(count: number): Iterable<number> {
  const step = Math.ceil(count / limits.checkedCells)
  for (let i = 0; i < count; i += step) yield i
  if ((count - 1) % step !== 0) yield count - 1
}
