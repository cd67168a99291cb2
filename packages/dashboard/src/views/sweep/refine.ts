import { specTextWithOptions } from '@driftfarm/spec'
import { parse } from 'yaml'
import { changedSpec, nextName, type SpecChange } from '../../compute/changeSpec.ts'

// This file is loaded when a reader asks for a new sweep, because reading a spec needs most of the code for specs.

interface Refined {
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

/** Axes that several paths share. */
const forms = ['zip', 'points', 'sobol', 'latin', 'threshold'] as const

/**
 * The spec of a new sweep over some cells of a sweep. Everything else, also the seed, stays the same. Throws an Error
 * if a finer grid is requested, but the cells are not a product of lists.
 */
export function refinedSpec({ text, name, rows, finer = new Map(), trials }: Refined): string {
  const { sweep = {} } = parse(text, { intAsBigInt: true }) as { sweep?: Record<string, unknown> }
  const paths = Object.keys(rows[0] ?? {})
  const isGrid = paths.every((path) => path in sweep)
  if (!isGrid && finer.size > 0)
    throw new Error('A finer grid is possible only if every axis of the sweep is a list or a range of its own.')
  const valuesOf = (path: string): readonly unknown[] => {
    const values = distinct(rows.map((row) => row[path]))
    const axis = finer.get(path)
    return axis === undefined ? values : finerValues(values, axis.isLog)
  }
  const axes: SpecChange[] = isGrid
    ? paths.map((path) => ({ path: `sweep.${path}`, value: axisValue(valuesOf(path)) }))
    : [
        ...forms.map((path) => ({ path: path in sweep ? `sweep.${path}` : path, value: undefined })),
        ...paths.map((path) => ({ path: `sweep.${path}`, value: undefined })),
        { path: 'points', value: rows },
      ]
  return specTextWithOptions(changedSpec(text, [{ path: 'name', value: nextName(name) }, ...axes]), { trials })
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
