import { nearestWord } from '@driftfarm/formula'
import { FigureError } from '../error.ts'
import { tickFormat } from '../format/digits.ts'
import { paramTitles, subtreeLabels } from '../format/label.ts'

/** A place on an axis: a number, or the name of a category. */
export type Place = number | string

/** The values of the swept paths in a cell. */
export type Params = Readonly<Record<string, unknown>>

/** A swept path as an axis: its values in the order in which they are drawn. */
export interface SweptAxis {
  readonly path: string
  /** The last keys of the path, as few as distinguish it from the other paths, such as `eta` for `update.eta`. */
  readonly title: string
  readonly isNumeric: boolean
  /** Numbers first, in ascending order, then words and mappings in the order of the cells. */
  readonly places: readonly Place[]
  /** The place of a cell on the axis; null if the cell does not have the path. */
  placeOf(params: Params): Place | null
  /** A place as text. The same place has the same text on an axis, in a legend and in a sentence. */
  textOf(place: Place): string
}

/** The swept paths of cells as axes, in the order of the spec. */
export function sweptAxes(cells: readonly { readonly params: Params }[]): readonly SweptAxis[] {
  const values = new Map<string, Map<string, unknown>>()
  for (const { params } of cells)
    for (const [path, value] of Object.entries(params))
      values.set(path, (values.get(path) ?? new Map()).set(keyOf(value), value))
  const titles = paramTitles([...values.keys()])
  return [...values].map(([path, seen], at) => axisOf(path, titles[at]!, seen))
}

function axisOf(path: string, title: string, seen: ReadonlyMap<string, unknown>): SweptAxis {
  const all = [...seen]
  const numbers = all.filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  const others = all.filter(([, value]) => typeof value !== 'number')
  numbers.sort(([, a], [, b]) => a - b)
  const ordered = [...numbers, ...others]
  // Made when it is first used, because an axis may have a million values.
  let format: ((value: number) => string) | undefined
  const textOf = (place: Place): string => {
    if (typeof place !== 'number') return place
    format ??= tickFormat(numbers.map(([, value]) => value))
    return format(place)
  }
  if (others.length === 0) {
    const places = numbers.map(([, value]) => value)
    return { path, title, isNumeric: true, places, placeOf: ({ [path]: value }) => (value as number) ?? null, textOf }
  }
  const labels = distinct(subtreeLabels(ordered.map(([, value]) => value)))
  const byKey = new Map(ordered.map(([key], at) => [key, labels[at]!]))
  return {
    path,
    title,
    isNumeric: false,
    places: labels,
    placeOf: ({ [path]: value }) => (value === undefined ? null : (byKey.get(keyOf(value)) ?? null)),
    textOf,
  }
}

/** If two values have the same text, such as 1 and "1", a number is appended to the second text. */
export function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1
    seen.set(label, times)
    return times === 1 ? label : `${label} (${times})`
  })
}

const keyOf = (value: unknown): string => JSON.stringify(value) ?? ''

/**
 * `text` is a whole path or a unique ending of a path. Throws a FigureError NO_SUCH_AXIS if no path matches, or if
 * several paths match.
 */
export function axisNamed(axes: readonly SweptAxis[], text: string): SweptAxis {
  const exact = axes.find(({ path }) => path === text)
  if (exact !== undefined) return exact
  const ending = axes.filter(({ path }) => path.endsWith(`.${text}`))
  const [only] = ending
  if (ending.length === 1 && only !== undefined) return only
  const paths = axes.map(({ path }) => path)
  const near = nearestWord(text, [...paths, ...axes.map(({ title }) => title)])
  throw new FigureError(
    'NO_SUCH_AXIS',
    ending.length > 1 ? `${text} matches several swept paths` : `${text} is not swept`,
    {
      hint:
        paths.length === 0
          ? 'the sweep has no axes: remove the option'
          : `${near === undefined ? '' : `did you mean ${near}? `}the swept paths are ${paths.join(', ')}`,
    },
  )
}
