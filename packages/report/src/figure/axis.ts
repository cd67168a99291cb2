import { extentOf } from '@driftfarm/statistics'
import type { SweptAxis } from '../axes/sweptAxes.ts'
import { FigureError } from '../error.ts'
import type { Axis } from './figure.ts'

/** A finite number; null for anything else, such as the text `Infinity` that documents contain. */
export const finite = (value: unknown): number | null => (Number.isFinite(value) ? (value as number) : null)

/** An axis of numbers; linear unless `more` says otherwise. */
export const numberAxis = (label: string, domain: readonly [number, number], more: Partial<Axis> = {}): Axis => ({
  label,
  scale: 'linear',
  domain,
  categories: null,
  ticks: null,
  path: null,
  ...more,
})

export const categoryAxis = (label: string, categories: readonly string[], path: string | null = null): Axis => ({
  label,
  scale: 'categorical',
  domain: null,
  categories,
  ticks: null,
  path,
})

/** The horizontal axis of a figure of cells that differ in no axis. */
export const oneCell = categoryAxis('', ['all'])

/** An axis with more values than this has round numbers as its ticks. */
const maxTicks = 12

/** Whether readers can read a number at a glance: 0.125 or 1024, but not 0.2887. */
const isShort = (value: number): boolean =>
  Number(value.toPrecision(3)) === value || (Number.isInteger(value) && Math.abs(value) < 1e5)

/** If `log` is null, the spacing of the values decides whether the axis is logarithmic. */
export function axisOfPath(
  { path, title, isNumeric, places }: Pick<SweptAxis, 'path' | 'title' | 'isNumeric' | 'places'>,
  log: boolean | null,
): Axis {
  if (!isNumeric) return categoryAxis(title, places as readonly string[], path)
  const numbers = places as readonly number[]
  const isLog = log ?? isGeometric(numbers)
  if (isLog && numbers[0]! <= 0)
    throw new FigureError('NO_SUCH_FIGURE', `${path} has the value ${numbers[0]}, which a log axis cannot show`, {
      hint: 'remove the letter of this axis from --log',
    })
  const ticks = numbers.length <= maxTicks && numbers.every(isShort) ? numbers : null
  return numberAxis(title, extent(numbers), { scale: isLog ? 'log' : 'linear', ticks, path })
}

/** Extends an axis a little beyond its outermost points, so that no point is on the frame. */
export function withMargin(axis: Axis): Axis {
  return axis.domain === null ? axis : { ...axis, domain: withAir(axis.domain, axis.scale === 'log', 0.04) }
}

/** The range, longer at each end by a share of its length on the scale of the axis. */
function withAir([low, high]: readonly [number, number], log: boolean, share: number): readonly [number, number] {
  if (log) {
    const air = high > low ? (high / low) ** share : 1.5
    return [low / air, high * air]
  }
  const air = high > low ? share * (high - low) : Math.abs(low) * 0.1 || 1
  return [low - air, high + air]
}

/** The first and the last of ascending numbers. */
const extent = (numbers: readonly number[]): readonly [number, number] => [numbers[0]!, numbers.at(-1)!]

/**
 * Whether ascending numbers are positive and either at least five that are spaced exactly evenly on a logarithmic
 * scale, or span at least a factor of ten and are spaced more evenly on that scale than on a linear one.
 */
function isGeometric(numbers: readonly number[]): boolean {
  const [first, last] = extent(numbers)
  if (!(first > 0) || numbers.length < 3) return false
  const uneven = unevenness(numbers.map(Math.log))
  return last / first < 10 ? numbers.length > 4 && uneven < 1 + 1e-6 : uneven < unevenness(numbers)
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
  { log, within }: { readonly log: boolean; readonly within?: readonly [number, number] | undefined },
): Axis {
  const scale = log ? 'log' : 'linear'
  const finite = values.filter((value) => Number.isFinite(value) && (!log || value > 0))
  if (finite.length === 0) return numberAxis(label, log ? [0.1, 1] : [0, 1], { scale })
  const [low, high] = extentOf(finite)
  const [from, to] = withAir([low, high], log, 0.05)
  if (log || within === undefined) return numberAxis(label, [from, to], { scale })
  const edge = 0.02 * (high - low)
  return numberAxis(label, [Math.max(from, within[0] - edge), Math.min(to, within[1] + edge)])
}

/** A map with one scale for both coordinates is at most this many times as long as it is wide. */
export const maxElongation = 2

/** Whether a map of these ranges is drawn with one scale for both coordinates. */
export function hasOneScale(view: readonly (readonly [number, number])[]): boolean {
  const [across, up] = view.map(([low, high]) => high - low)
  return up !== undefined && Math.max(across!, up) <= (maxElongation + 1e-9) * Math.min(across!, up)
}
