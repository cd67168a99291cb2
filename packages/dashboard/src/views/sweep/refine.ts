import { specTextWithOptions } from '@driftfarm/spec'
import { parse } from 'yaml'
import { changedSpec, nextName, type SpecChange } from '../../compute/changeSpec.ts'

// This file is loaded when a reader asks for a new sweep, because reading a spec needs most of the code for specs.

/** The values of each swept path that a new sweep has. */
export type Chosen = readonly { readonly path: string; readonly values: readonly unknown[] }[]

interface Refined {
  /** The spec of the sweep whose cells were selected. */
  readonly text: string
  /** The name of that sweep. */
  readonly name: string
  readonly chosen: Chosen
  /** For each selected cell, its values. Needed if the axes of the spec are not lists and ranges of `sweep`. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Trials of each cell; undefined for those that the spec requests. */
  readonly trials?: number | undefined
}

const forms = ['zip', 'points', 'sobol', 'latin', 'threshold'] as const

/** The spec of a new sweep over some cells of a sweep. Everything else, also the seed, stays the same. */
export function refinedSpec({ text, name, chosen, rows, trials }: Refined): string {
  const sweep = axesOf(text)
  const isGrid = chosen.every(({ path }) => path in sweep)
  const axes: SpecChange[] = isGrid
    ? chosen.map(({ path, values }) => ({ path: `sweep.${path}`, value: axisValue(values) }))
    : [
        ...chosen.flatMap(({ path }) => (path in sweep ? [{ path: `sweep.${path}`, value: undefined }] : [])),
        ...forms.map((path) => ({ path: path in sweep ? `sweep.${path}` : path, value: undefined })),
        { path: 'points', value: rows },
      ]
  const changed = changedSpec(text, [{ path: 'name', value: nextName(name) }, ...axes])
  return specTextWithOptions(changed, { trials })
}

/** Whether each path is an axis of its own, so that a finer grid can be written. */
export const isGridSpec = (text: string, paths: readonly string[]): boolean => {
  const sweep = axesOf(text)
  return paths.every((path) => path in sweep)
}

function axesOf(text: string): Readonly<Record<string, unknown>> {
  const { sweep } = (parse(text, { intAsBigInt: true }) ?? {}) as { sweep?: Record<string, unknown> }
  return sweep ?? {}
}

/** A range if it has exactly the same values, which is easier to read and to change than a list. */
function axisValue(values: readonly unknown[]): unknown {
  const numbers = values.filter((value) => typeof value === 'number')
  const [from, to, count] = [numbers[0], numbers.at(-1), numbers.length]
  if (from === undefined || to === undefined || count < 4 || count < values.length) return values
  for (const scale of ['linear', 'log'] as const) {
    if (scale === 'log' && from <= 0) continue
    const at = (i: number): number => {
      const share = i / (count - 1)
      return scale === 'log' ? from * (to / from) ** share : from + (to - from) * share
    }
    // The values of a range have 12 digits.
    if (numbers.every((value, i) => Number(at(i).toPrecision(12)) === value))
      return scale === 'log' ? { from, to, count, scale } : { from, to, count }
  }
  return values
}

/**
 * The values with one more between each two neighbours: their mean, or their geometric mean on a log axis. Between
 * whole numbers, the new values are whole numbers too. Words and mappings stay as they are.
 */
export function finerValues(values: readonly unknown[], isLog: boolean): readonly unknown[] {
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
