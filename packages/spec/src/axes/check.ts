import { type Details, Mistake, SpecError, type SpecErrorCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { axisForms } from '../schema/axes.ts'
import { demandKeys } from '../schema/demand.ts'
import type { Axis, Column } from './column.ts'

/** First keys of what is part of a cell. */
const sweepable = ['landscape', 'start', 'update', 'trial', 'seed', 'streams', 'method', 'let']
const others = [...demandKeys, ...axisForms, 'version', 'name', 'sweep']

/** Refuses axes that are too many, overlap, or are no part of a cell. */
export function checkAxes(axes: readonly Axis[]): void {
  let cells = 1
  for (const { length, columns } of axes) {
    cells *= length
    if (cells > limits.cells) {
      throw atKey(columns[0]!, 'TOO_MANY_CELLS', {
        value: productOf(axes),
        limit: `${limits.cells} cells a sweep`,
        hint: 'sweep fewer values, or split the sweep',
      })
    }
  }
  const seen = new Map<string, Column>()
  for (const column of axes.flatMap(({ columns }) => columns)) {
    checkRoot(column)
    if (seen.has(column.name)) throw atKey(column, 'AXES_OVERLAP', { word: column.name, reason: column.name })
    seen.set(column.name, column)
  }
  for (const column of seen.values()) {
    for (let depth = 1; depth < column.path.length; depth++) {
      const outer = column.path.slice(0, depth).join('.')
      const over = seen.get(outer)
      if (over === undefined) continue
      const hint = over.keyAt.path[0] === 'method' ? { hint: '`method: both` is an axis itself: list the methods' } : {}
      throw atKey(column, 'AXES_OVERLAP', { word: column.name, reason: outer, ...hint })
    }
  }
}

function productOf(axes: readonly Axis[]): string {
  return axes.map(({ length }) => length).join(' x ')
}

function checkRoot(column: Column): void {
  const root = String(column.path[0])
  if (sweepable.includes(root)) return
  if (others.includes(root)) throw atKey(column, 'NOT_SWEEPABLE', { word: column.name })
  throw atKey(column, 'UNKNOWN_PATH', { word: column.name, known: sweepable })
}

/** A mistake about a path itself, with the place where it was written. */
export function atKey(column: Column, code: SpecErrorCode, details: Details): SpecError {
  return new SpecError(
    new Mistake(code, column.path, details, 'key'),
    column.keyAt.source.place(column.keyAt.path, 'key'),
  )
}
