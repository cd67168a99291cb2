import type { SweptAxis } from '../axes/sweptAxes.ts'
import { FigureError } from '../error.ts'
import type { Axis } from './figure.ts'

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
