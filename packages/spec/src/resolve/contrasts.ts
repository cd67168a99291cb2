import type { Axis, Column } from '../axes/column.ts'
import type { Grid } from '../axes/grid.ts'
import { listValues } from '../axes/list.ts'
import { contrastPairs } from '../contrast-pairs.ts'
import { isWithin, type Path, parsePath, valueAt } from '../document/path.ts'
import { shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { canonicalJson } from '../identity.ts'
import type { Contrast } from '../sweep.ts'
import type { Scope } from './scope.ts'

/** Values of an axis that a message lists. */
const mostListed = 8

/**
 * The contrasts of a spec, with the values that their axes have. What each is `of` is checked with every cell.
 * `kept`: the grid points that `where` leaves, null for all.
 */
export function resolveContrasts(scope: Scope, grid: Grid, kept: Uint32Array | null): Contrast[] {
  return (scope.document.contrasts ?? []).map(({ of, kind, between }, i) => {
    const above = ['contrasts', i, 'between']
    const [key, ...more] = Object.keys(between)
    if (key === undefined || more.length > 0)
      throw new Mistake('CONTRAST', above, { value: between, reason: 'it takes exactly one swept path' })
    const path = [...above, key]
    const { axis, column, inner } = axisOf(grid, key, path)
    const written = between[key]!
    if (written.length !== 2)
      throw new Mistake('CONTRAST', path, { value: written, reason: 'it takes two values of the axis' })
    const wanted = listValues(written, path, scope.expressions)
    const sides = [0, 1].map((side) => placesOf(column, inner, wanted(side), [...path, side]))
    const values = sides.map(([place]) => column.at(place!)) as [unknown, unknown]
    if (canonicalJson(values[0]) === canonicalJson(values[1]))
      throw new Mistake('CONTRAST', path, { value: written, reason: 'the two values are the same' })
    // Zipped paths go along where each value has one place; in a table with more of them the others must agree.
    const alone = sides.every((places) => places.length === 1)
    const along = alone ? axis.columns.filter((each) => each !== column).map(({ name }) => name) : []
    const contrast = { of, kind: kind ?? 'difference', path: column.name, between: values, along }
    if (contrastPairs(contrast, cellsOf(grid, kept)).next().done === true)
      throw new Mistake('CONTRAST', path, { reason: 'no two cells have these values and agree in all else' }, 'key')
    return contrast
  })
}

/** The axis of a path, or that of a subtree which holds it: there `inner` leads on. */
function axisOf(grid: Grid, key: string, path: Path): { axis: Axis; column: Column; inner: Path } {
  const wanted = parsePath(key)
  for (const axis of grid.axes) {
    const column = axis.columns.find((each) => isWithin(wanted, each.path))
    if (column !== undefined) return { axis, column, inner: wanted.slice(column.path.length) }
  }
  throw new Mistake('UNKNOWN_PATH', path, { word: key, known: grid.columns.map(({ name }) => name) }, 'key')
}

/** Where along its axis a value stands. Of subtrees that share what a path inside them says, none can be meant alone. */
function placesOf(column: Column, inner: Path, wanted: unknown, path: Path): number[] {
  const text = canonicalJson(wanted)
  const places: number[] = []
  const found = new Set<string>()
  for (let place = 0; place < column.length; place++) {
    const value = column.at(place)
    const part = valueAt(value, inner)
    if (part === undefined || canonicalJson(part) !== text) continue
    places.push(place)
    found.add(canonicalJson(value))
  }
  if (found.size === 1) return places
  if (found.size > 1)
    throw new Mistake('CONTRAST', path, {
      value: wanted,
      reason: `${found.size} values of ${column.name} have it`,
      hint: `write the whole value of ${column.name}`,
    })
  const has = Array.from({ length: Math.min(column.length, mostListed) }, (_, place) =>
    shown(valueAt(column.at(place), inner)),
  )
  throw new Mistake('CONTRAST', path, {
    value: wanted,
    reason: `the axis has ${has.join(', ')}${column.length > mostListed ? ', ...' : ''}`,
    hint: 'write one of its values',
  })
}

function* cellsOf(grid: Grid, kept: Uint32Array | null) {
  for (let index = 0; index < (kept?.length ?? grid.size); index++) {
    const digits = grid.digits(kept?.[index] ?? index)
    const params: Record<string, unknown> = {}
    for (const [axis, { columns }] of grid.axes.entries())
      for (const { name, at } of columns) params[name] = at(digits[axis]!)
    yield { index, params }
  }
}
