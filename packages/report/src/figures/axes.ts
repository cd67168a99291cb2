import { nearestWord } from '@driftfarm/formula'
import type { Params } from '../document/origin.ts'
import { paramTitles } from '../table/paramTitles.ts'
import { subtreeLabels } from '../table/subtreeLabels.ts'
import { FigureError } from './error.ts'
import type { Axis, Place } from './figure.ts'

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
}

/** The swept paths of cells as axes, in the order of the spec. */
export function sweptAxes(cells: readonly { readonly params: Params }[]): readonly SweptAxis[] {
  const values = new Map<string, Map<string, unknown>>()
  for (const { params } of cells)
    for (const [path, value] of Object.entries(params)) {
      const seen = values.get(path)
      if (seen === undefined) values.set(path, new Map([[keyOf(value), value]]))
      else seen.set(keyOf(value), value)
    }
  const titles = paramTitles([...values.keys()])
  return [...values].map(([path, seen], at) => axisOf(path, titles[at]!, seen))
}

function axisOf(path: string, title: string, seen: ReadonlyMap<string, unknown>): SweptAxis {
  const all = [...seen]
  if (all.every(([, value]) => typeof value === 'number')) {
    const places = all.map(([, value]) => value as number).sort((a, b) => a - b)
    return { path, title, isNumeric: true, places, placeOf: ({ [path]: value }) => (value as number) ?? null }
  }
  const numbers = all.filter(([, value]) => typeof value === 'number')
  const others = all.filter(([, value]) => typeof value !== 'number')
  numbers.sort(([, a], [, b]) => (a as number) - (b as number))
  const ordered = [...numbers, ...others]
  const labels = distinct(subtreeLabels(ordered.map(([, value]) => value)))
  const byKey = new Map(ordered.map(([key], at) => [key, labels[at]!]))
  return {
    path,
    title,
    isNumeric: false,
    places: labels,
    placeOf: ({ [path]: value }) => (value === undefined ? null : (byKey.get(keyOf(value)) ?? null)),
  }
}

/** If two values have the same text, such as 1 and "1", a number is appended to the second text. */
function distinct(labels: readonly string[]): string[] {
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

/** An axis with more values than this has round numbers as its ticks. */
const maxTicks = 12

/** If `log` is null, the spacing of the values decides whether the axis is logarithmic. */
export function axisOfPath({ path, title, isNumeric, places }: SweptAxis, log: boolean | null): Axis {
  if (!isNumeric)
    return {
      label: title,
      scale: 'categorical',
      domain: null,
      categories: places as readonly string[],
      ticks: null,
      path,
    }
  const numbers = places as readonly number[]
  const isLog = log ?? isGeometric(numbers)
  if (isLog && numbers[0]! <= 0)
    throw new FigureError('NO_SUCH_FIGURE', `${path} has the value ${numbers[0]}, which a log axis cannot show`, {
      hint: 'remove the letter of this axis from --log',
    })
  const ticks = numbers.length <= maxTicks ? numbers : null
  return { label: title, scale: isLog ? 'log' : 'linear', domain: extent(numbers), categories: null, ticks, path }
}

/** Extends an axis a little beyond its outermost points, so that no point is on the frame. */
export function withMargin(axis: Axis): Axis {
  if (axis.domain === null) return axis
  const [low, high] = axis.domain
  if (axis.scale === 'log') {
    const air = high > low ? (high / low) ** 0.04 : 1.5
    return { ...axis, domain: [low / air, high * air] }
  }
  const air = high > low ? 0.04 * (high - low) : Math.abs(low) * 0.1 || 1
  return { ...axis, domain: [low - air, high + air] }
}

/** The first and the last of ascending numbers. */
const extent = (numbers: readonly number[]): readonly [number, number] => [numbers[0]!, numbers.at(-1)!]

/**
 * Whether ascending numbers are positive, span at least a factor of ten and are spaced more evenly on a logarithmic
 * scale than on a linear one.
 */
function isGeometric(numbers: readonly number[]): boolean {
  const [first, last] = extent(numbers)
  if (!(first > 0) || numbers.length < 3 || last / first < 10) return false
  return unevenness(numbers.map(Math.log)) < unevenness(numbers)
}

/** The largest gap divided by the mean gap. */
function unevenness(numbers: readonly number[]): number {
  let largest = 0
  for (let i = 1; i < numbers.length; i++) largest = Math.max(largest, numbers[i]! - numbers[i - 1]!)
  return (largest * (numbers.length - 1)) / (numbers.at(-1)! - numbers[0]!)
}

/** A log axis covers only the positive estimates. */
export function valueAxis(
  label: string,
  values: readonly number[],
  { log, within }: { readonly log: boolean; readonly within?: readonly [number, number] },
): Axis {
  const finite = values.filter((value) => Number.isFinite(value) && (!log || value > 0))
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (finite.length === 0)
    return {
      label,
      scale: log ? 'log' : 'linear',
      domain: log ? [0.1, 1] : [0, 1],
      categories: null,
      ticks: null,
      path: null,
    }
  if (log) {
    const air = high > low ? (high / low) ** 0.05 : 1.5
    return { label, scale: 'log', domain: [low / air, high * air], categories: null, ticks: null, path: null }
  }
  const air = high > low ? 0.05 * (high - low) : Math.abs(high) * 0.1 || 1
  const domain = [low - air, high + air] as const
  const [least, most] = within ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return {
    label,
    scale: 'linear',
    domain: [Math.max(domain[0], least - 0.02 * (high - low)), Math.min(domain[1], most + 0.02 * (high - low))],
    categories: null,
    ticks: null,
    path: null,
  }
}
