import { specTextWithOptions } from '@driftfarm/spec'
import { parse } from 'yaml'
import { changedSpec, nextName, type SpecChange } from '../../compute/changeSpec.ts'
import type { ViewAxis } from './axes.ts'

// This file is loaded when a reader asks for a new sweep, because reading a spec needs most of the code for specs.

export interface Refined {
  /** The spec of the sweep whose cells are refined. */
  readonly text: string
  /** The name of that sweep. */
  readonly name: string
  /** For each of the cells, its value of each swept path. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** The axes on which a value is added between each two neighbours, and whether they are logarithmic. */
  readonly finer?: ReadonlyMap<string, { readonly isLog: boolean }>
  /** Trials of each cell; undefined for those that the spec requests. */
  readonly trials?: number | undefined
}

/** The spec of a new sweep that finds where a probability reaches `equals` on an axis, for each value of the others. */
export function boundarySpec(text: string, name: string, { path, scale }: ViewAxis, estimate: string, equals: number) {
  const { sweep = {} } = parse(text, { intAsBigInt: true }) as Axes
  if (!(path in sweep)) throw new Error(`A search needs an axis that is a list or a range. ${path} is none.`)
  const [from, to] = scale.domain!
  const within = Number(((to - from) / 100).toPrecision(2))
  const changes: readonly SpecChange[] = [
    { path: 'name', value: nextName(name) },
    ...[`sweep.${path}`, 'method', 'contrasts'].map((path) => ({ path, value: undefined })),
    { path: 'threshold', value: { estimate, equals, over: { [path]: { from, to } }, within } },
  ]
  return specTextWithOptions(changedSpec(text, changes), { trials: 100_000 })
}

/** Axes that several paths share. */
const forms = ['zip', 'points', 'sobol', 'latin', 'threshold'] as const

interface Axes extends Readonly<Record<string, unknown>> {
  readonly method?: string | { readonly both?: Readonly<Record<string, unknown>> }
  readonly sweep?: Readonly<Record<string, unknown>>
}

/**
 * The spec of a new sweep over some cells of a sweep. Everything else, also the seed, stays the same. Throws an Error
 * if a value is to be added to an axis that is not a list or a range.
 */
export function refinedSpec({ text, name, rows, finer = new Map(), trials }: Refined): string {
  const { sweep = {}, method, ...rest } = parse(text, { intAsBigInt: true }) as Axes
  const doubled = method === 'both' ? {} : typeof method === 'object' ? method.both : undefined
  const paths = Object.keys(rows[0] ?? {}).filter((path) => path !== 'method' || doubled === undefined)
  // The points of a search depend on the other axes.
  const isSearch = 'threshold' in sweep || 'threshold' in rest
  const isListed = (path: string): boolean => !isSearch && path in sweep
  const listed = paths.filter(isListed)
  const table = paths.filter((path) => !isListed(path))
  const other = table.find((path) => finer.has(path))
  if (other !== undefined)
    throw new Error(`A finer grid needs axes that are lists or ranges. ${other} is part of a table, design or search.`)
  const valuesOf = (path: string): readonly unknown[] => {
    const values = distinct(rows.map((row) => row[path]))
    const axis = finer.get(path)
    return axis === undefined ? values : finerValues(values, axis.isLog)
  }
  const ways = distinct(rows.map((row) => row.method))
  const points = distinct(rows.map((row) => Object.fromEntries(table.map((path) => [path, row[path]]))))
  const changes: readonly SpecChange[] = [
    { path: 'name', value: nextName(name) },
    ...listed.map((path) => ({ path: `sweep.${path}`, value: axisValue(valuesOf(path)) })),
    ...(doubled === undefined ? [] : [{ path: 'method', value: methodOf(doubled, ways) }]),
    ...forms.map((path) => ({ path: path in sweep ? `sweep.${path}` : path, value: undefined })),
    ...table.map((path) => ({ path: `sweep.${path}`, value: undefined })),
    { path: 'points', value: table.length === 0 ? undefined : points },
  ]
  return specTextWithOptions(changedSpec(text, changes), { trials })
}

/** `method: both`, restricted to the methods of the chosen cells. `options` are those of splitting. */
function methodOf(options: Readonly<Record<string, unknown>>, ways: readonly unknown[]): unknown {
  const way = ways.length === 1 ? String(ways[0]) : 'both'
  return way === 'direct' || Object.keys(options).length === 0 ? way : { [way]: options }
}

/** Numbers in ascending order, other values as they first occur. */
function distinct(values: readonly unknown[]): readonly unknown[] {
  const all = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
  return all.every((value) => typeof value === 'number') ? all.sort((a, b) => a - b) : all
}

/** A range if it has exactly the same values, which is easier to read and to change than a list. */
function axisValue(values: readonly unknown[]): unknown {
  const numbers = values.filter((value) => typeof value === 'number')
  const [from, to, count] = [numbers[0], numbers.at(-1), numbers.length]
  if (from === undefined || to === undefined || count < 4 || count < values.length) return values
  for (const scale of ['linear', 'log'] as const) {
    if (scale === 'log' && from <= 0) continue
    const at = (share: number): number => (scale === 'log' ? from * (to / from) ** share : from + (to - from) * share)
    // The values of a range have 12 digits.
    if (numbers.every((value, i) => Number(at(i / (count - 1)).toPrecision(12)) === value))
      return scale === 'log' ? { from, to, count, scale } : { from, to, count }
  }
  return values
}

/**
 * The values with one more between each two neighbours: their mean, or their geometric mean on a log axis. Between
 * whole numbers, the new values are whole numbers too. Words and mappings stay as they are.
 */
function finerValues(values: readonly unknown[], isLog: boolean): readonly unknown[] {
  if (!values.every((value) => typeof value === 'number')) return values
  const isWhole = values.every(Number.isInteger)
  const all = values.flatMap((value, at) => {
    const next = values[at + 1]
    if (next === undefined) return [value]
    const middle = isLog ? Math.sqrt(value * next) : (value + next) / 2
    return [value, isWhole ? Math.round(middle) : Number(middle.toPrecision(12))]
  })
  return [...new Set(all)]
}
