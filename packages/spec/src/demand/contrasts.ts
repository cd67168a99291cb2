import * as z from 'zod'
import type { Axis, Column, Grid } from '../axes/grid.ts'
import { listValues } from '../axes/table.ts'
import { isWithin, type Path, shown, valueAt } from '../document/value.ts'
import { Mistake, overLimit, type Part } from '../errors.ts'
import { section, text, words } from '../field/field.ts'
import type { Scope } from '../field/frame.ts'
import { canonicalJson } from '../identity.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import type { Contrast, ResolvedCell } from '../sweep.ts'

/** The number is limited because each contrast takes a pass over all cells. */
const maxContrasts = 100

export const contrastsSchema = z
  .array(
    section(['of', 'between'], {
      of: text('the name of a probability, such as escape').describe('The name of the probability.'),
      between: z
        .record(z.string(), z.array(z.unknown(), { error: 'a list of two values of the axis' }), {
          error: 'one swept path with two of its values, such as { update.eta: [0.1, 0.2] }',
        })
        .describe('One swept path with two of its values. The first value is compared with the second value.'),
      kind: words('difference', 'ratio').describe('How the two probabilities are compared. Default difference.'),
    }),
    { error: 'a list of {of, between, kind}' },
  )
  .max(maxContrasts, { error: `at most ${maxContrasts} contrasts` })
  .describe(
    'Compares a probability in pairs of cells. One cell has the first value of `between`, the other has the second ' +
      'value, and all other parameters agree. With `streams: common` the comparison is paired, trial by trial.',
  )

const maxListed = 8

/**
 * The estimate `of` is checked later, with each cell. `kept` lists the grid points that satisfy `where`; null stands
 * for all points.
 */
export function resolveContrasts(scope: Scope, grid: Grid, kept: Uint32Array | null): Contrast[] {
  let pairs = 0
  const written = (scope.root.get('contrasts') as readonly unknown[] | undefined) ?? []
  return collectEach(written, (_, i) => {
    const frame = scope.root.inner('contrasts').inner(i)
    const of = frame.get('of') as string
    const kind = frame.get('kind') as Contrast['kind'] | undefined
    const between = frame.get('between') as Readonly<Record<string, readonly unknown[]>>
    const above = ['contrasts', i, 'between']
    const [key, ...more] = Object.keys(between)
    if (key === undefined || more.length > 0)
      throw contrastMistake(above, 'it must name exactly one swept path', between)
    const path = [...above, key]
    const { axis, column, inner } = axisOf(grid, key, path)
    const written = between[key]!
    if (written.length !== 2) throw contrastMistake(path, 'it must list two values of the axis', written)
    const wanted = listValues(written, path, scope.expressions)
    const sides = [0, 1].map((side) => placesOf(column, inner, wanted[side], [...path, side]))
    const values = sides.map(([place]) => column.at(place!)) as [unknown, unknown]
    if (canonicalJson(values[0]) === canonicalJson(values[1]))
      throw contrastMistake(path, 'the two values are the same', written)
    // If each of the two values occurs only once on the axis, the two cells of a pair may also differ in the other
    // columns of the axis. Otherwise, the axis is a table with several rows for one value, and the two cells must
    // agree in these columns.
    const alone = sides.every((places) => places.length === 1)
    const along = alone ? axis.columns.filter((each) => each !== column).map(({ name }) => name) : []
    const contrast = { of, kind: kind ?? 'difference', path: column.name, between: values, along }
    const count = countPairs({ grid, kept }, axis, contrast, sides)
    if (count === 0)
      throw contrastMistake(path, 'no two cells have these values and agree in everything else', undefined, 'key')
    pairs += count
    if (pairs > limits.contrastPairs)
      throw overLimit(
        'TOO_MANY_CONTRASTS',
        ['contrasts', i],
        `${pairs} pairs of cells`,
        `${limits.contrastPairs} pairs of cells per sweep`,
      )
    return contrast
  })
}

/** If the axis sweeps a whole mapping, `inner` is the path of `key` inside this mapping. */
function axisOf(grid: Grid, key: string, path: Path): { axis: Axis; column: Column; inner: Path } {
  const wanted = key.split('.')
  for (const axis of grid.axes) {
    const column = axis.columns.find((each) => isWithin(wanted, each.path))
    if (column !== undefined) return { axis, column, inner: wanted.slice(column.path.length) }
  }
  throw new Mistake('UNKNOWN_PATH', path, { word: key, known: grid.columns.map(({ name }) => name) }, 'key')
}

/**
 * Throws a Mistake if several different mappings contain the value, since it is then unclear which mapping is meant.
 */
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
    throw contrastMistake(
      path,
      `${found.size} values of ${column.name} contain it, so it is ambiguous`,
      wanted,
      'value',
      'write one of these values in full',
    )
  const has = Array.from({ length: Math.min(column.length, maxListed) }, (_, place) =>
    shown(valueAt(column.at(place), inner)),
  )
  const reason = `the axis has the values ${has.join(', ')}${column.length > maxListed ? ', ...' : ''}`
  throw contrastMistake(path, reason, wanted, 'value', 'write one of its values')
}

function contrastMistake(path: Path, reason: string, value: unknown, part: Part = 'value', hint?: string): Mistake {
  return new Mistake('CONTRAST', path, { value, reason, hint }, part)
}

/**
 * Counts the pairs of cells that `contrastPairs` would find. Uses only indices, since a sweep may have a million cells.
 * The two cells of a pair get the same key. The key is the grid index of the cell, after its place on the contrasted
 * axis was replaced by the first place that has the same values in `others`.
 */
function countPairs(
  { grid, kept }: { readonly grid: Grid; readonly kept: Uint32Array | null },
  axis: Axis,
  { path, along }: Pick<Contrast, 'path' | 'along'>,
  sides: readonly (readonly number[])[],
): number {
  const at = grid.axes.indexOf(axis)
  const stride = grid.axes.slice(at + 1).reduce((product, { length }) => product * length, 1)
  const others = axis.columns.filter(({ name }) => name !== path && !along.includes(name))
  const firsts = new Map<string, number>()
  const sideAt = new Uint8Array(axis.length)
  const alikeAt = new Uint32Array(axis.length)
  for (const [side, places] of sides.entries()) {
    for (const place of places) {
      const text = canonicalJson(others.map((column) => column.at(place)))
      if (!firsts.has(text)) firsts.set(text, place)
      sideAt[place] = side + 1
      alikeAt[place] = firsts.get(text)!
    }
  }
  const seen = new Uint8Array(grid.size)
  let pairs = 0
  for (let i = 0; i < (kept?.length ?? grid.size); i++) {
    const index = kept?.[i] ?? i
    const place = Math.floor(index / stride) % axis.length
    const side = sideAt[place]!
    const key = index + (alikeAt[place]! - place) * stride
    if (side !== 0 && seen[key] === 3 - side) pairs++
    seen[key]! |= side
  }
  return pairs
}

/**
 * Yields the index pairs of the cells that a contrast compares. The cell with the first value of `between` comes first.
 * Each pair is yielded as soon as both cells have been read.
 */
export function* contrastPairs(
  { path, between, along }: Contrast,
  cells: Iterable<Pick<ResolvedCell, 'index' | 'params'>>,
): Generator<readonly [first: number, second: number]> {
  const values = between.map(canonicalJson)
  const waiting = [new Map<string, number>(), new Map<string, number>()] as const
  for (const { index, params } of cells) {
    const side = values.indexOf(canonicalJson(params[path]))
    if (side < 0) continue
    const rest = canonicalJson(
      Object.fromEntries(Object.entries(params).filter(([key]) => key !== path && !along.includes(key))),
    )
    const [own, others] = side === 0 ? waiting : ([waiting[1], waiting[0]] as const)
    // If an axis repeats a value, the same cell occurs twice, and only the first occurrence is paired.
    if (own.has(rest)) continue
    own.set(rest, index)
    const other = others.get(rest)
    if (other !== undefined) yield side === 0 ? [index, other] : [other, index]
  }
}
