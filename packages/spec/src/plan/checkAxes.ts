import type { Axis, Column } from '../axes/grid.ts'
import type { Path } from '../document/value.ts'
import { Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, validOrNull } from '../mistakes.ts'
import { documentSchema } from '../schema/spec.ts'
import { placeOf } from '../words/unknownKey.ts'

/** The first key of a swept path must be one of these sections. */
const sweepable = ['landscape', 'start', 'update', 'trial', 'seed', 'streams', 'method', 'let']

export function isSweepable(path: Path): boolean {
  return sweepable.includes(String(path[0]))
}

export function checkAxes(axes: readonly Axis[], letNames: readonly string[] = []): void {
  collectParts({
    count: () => checkCount(axes),
    paths: () => {
      const seen = new Map<string, Column>()
      collectEach(
        axes.flatMap(({ columns }) => columns),
        (column) => {
          checkRoot(column, letNames)
          if (seen.has(column.name)) throw atKey(column, 'AXES_OVERLAP', { word: column.name, reason: column.name })
          seen.set(column.name, column)
        },
      )
      checkNesting(seen)
    },
  })
}

function checkCount(axes: readonly Axis[]): void {
  let cells = 1
  for (const { length, columns } of axes) {
    cells *= length
    if (cells > limits.cells) {
      throw atKey(columns[0]!, 'TOO_MANY_CELLS', {
        value: productOf(axes),
        limit: `${limits.cells} cells per sweep`,
        hint: 'sweep fewer values, or split the sweep',
      })
    }
  }
}

/** Refuses to sweep a path together with a path inside it, such as `update` and `update.eta`. */
function checkNesting(seen: ReadonlyMap<string, Column>): void {
  for (const column of seen.values()) {
    for (let depth = 1; depth < column.path.length; depth++) {
      const outer = column.path.slice(0, depth).join('.')
      const over = seen.get(outer)
      if (over === undefined) continue
      const hint =
        over.keyAt.path[0] === 'method'
          ? { hint: '`method: both` is itself an axis: remove it, and write `sweep: { method: [..] }`' }
          : {}
      throw atKey(column, 'AXES_OVERLAP', { word: column.name, reason: outer, ...hint })
    }
  }
}

function productOf(axes: readonly Axis[]): string {
  return axes.map(({ length }) => length).join(' x ')
}

function checkRoot(column: Column, letNames: readonly string[]): void {
  const root = String(column.path[0])
  if (isSweepable(column.path)) return
  if (Object.hasOwn(documentSchema.shape, root)) throw atKey(column, 'NOT_SWEEPABLE', { word: column.name })
  const place = letNames.includes(column.name)
    ? `let.${column.name}`
    : (placeOf(column.name) ?? placeOf(root)?.concat(column.name.slice(root.length)))
  const hint = place === undefined ? {} : { hint: `did you mean ${place}?`, fix: place }
  throw atKey(column, 'UNKNOWN_PATH', { word: column.name, known: sweepable, ...hint })
}

/**
 * Given axes that `checkAxes` has refused, returns those whose paths are all sweepable, so that cells can still be
 * built. If `checkAxes` also refuses the remaining axes, returns no axes.
 */
export function soundAxes(axes: readonly Axis[]): readonly Axis[] {
  const sound = axes.filter(({ columns }) => columns.every(({ path }) => isSweepable(path)))
  return validOrNull(() => checkAxes(sound)) === null ? [] : sound
}

export function atKey(column: Column, code: SpecErrorCode, details: Details): Mistake {
  return new Mistake(code, column.path, details, 'key', column.keyAt.source.place(column.keyAt.path, 'key'))
}
