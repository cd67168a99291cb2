import { axisOfPath } from '../figure/axis.ts'
import type { Axis } from '../figure/figure.ts'
import { tickFormat } from '../format/digits.ts'

/**
 * Round numbers inside a range, about `count` of them, at steps of 1, 2 or 5 times a power of ten. Ticks are not taken
 * from d3, because its log scales have many ticks without labels, which a terminal has no room for.
 */
export function linearTicks([low, high]: readonly [number, number], count: number): readonly number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999) ?? 10 * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/**
 * The ticks of a log axis: the powers of ten, with 2 and 5 times each power if there is room. If there are more powers
 * than `count`, every second, third .. power is left out. A range shorter than a power of ten may have the ticks of
 * a linear axis.
 */
export function logTicks([low, high]: readonly [number, number], count: number): readonly number[] {
  if (!(high > low)) return [low]
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
  const inside = (factors: readonly number[], every = 1) =>
    powers
      .filter((power) => power % every === 0)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((one) => one >= low * (1 - 1e-9) && one <= high * (1 + 1e-9))
  const fine = inside([1, 2, 5])
  const decades = inside([1])
  if (fine.length >= 3 && fine.length <= 1.4 * count) return fine
  if (decades.length >= 2) {
    const some = inside([1], Math.ceil(decades.length / Math.max(2, count)))
    return some.length >= 2 ? some : [decades[0]!, decades.at(-1)!]
  }
  if (fine.length >= 2 && high >= 10 * low) return fine
  const even = linearTicks([low, high], count)
  return even.length >= 2 ? even : [low, high]
}

/** More powers of ten leave no room for ticks between them. */
const maxDecades = 8

/** The ticks without labels of a log axis: the whole multiples of each power of ten. */
export function minorTicks({ scale, domain, ticks }: Axis): readonly number[] {
  if (scale !== 'log' || ticks !== null || domain![1] / domain![0] > 10 ** maxDecades) return []
  const first = Math.floor(Math.log10(domain![0]))
  return Array.from({ length: 9 * (maxDecades + 1) }, (_, i) =>
    Number(`${1 + (i % 9)}e${first + Math.floor(i / 9)}`),
  ).filter((one) => one >= domain![0] && one <= domain![1])
}

export function ticksOf({ scale, domain, ticks }: Axis, count: number): readonly number[] {
  if (domain === null) return []
  if (ticks !== null) return sparse(ticks, { scale, domain }, count)
  return scale === 'log' ? logTicks(domain, count) : linearTicks(domain, count)
}

/** The ticks, except those that are too close to the previous tick. */
function sparse(ticks: readonly number[], { scale, domain }: Pick<Axis, 'scale' | 'domain'>, count: number): number[] {
  const to = scale === 'log' ? Math.log : (value: number) => value
  const least = (to(domain![1]) - to(domain![0])) / (1.6 * count)
  const kept: number[] = []
  for (const tick of ticks) if (kept.length === 0 || to(tick) - to(kept.at(-1)!) >= least) kept.push(tick)
  return kept
}

/** The position of a number on an axis, from 0 at the lower end to 1 at the upper end. */
export function shareOf({ scale, domain }: Axis, value: number): number {
  const [low, high] = domain!
  if (!(high > low)) return 0.5
  if (scale !== 'log') return (value - low) / (high - low)
  return Math.log(value / low) / Math.log(high / low)
}

export interface Tick {
  /** From 0 at the lower end of an axis to 1 at its upper end. */
  readonly at: number
  readonly text: string
}

/** The ticks of an axis of numbers, at least two if the range is not empty. */
export function labelledTicks(axis: Axis, count: number): readonly Tick[] {
  const ticks = ticksOf(axis, count)
  const textOf = tickFormat(ticks)
  return ticks.map((tick) => ({ at: shareOf(axis, tick), text: textOf(tick) }))
}

/**
 * The ticks below equally wide tiles that stand at ascending numbers. A number that no tile stands at is placed between
 * its neighbours. `at` is 0 at the left edge of the first tile and 1 at the right edge of the last tile.
 */
export function tileTicks(places: readonly number[], count: number): readonly Tick[] {
  const axis = axisOfPath({ path: '', title: '', isNumeric: true, places }, null)
  const round = ticksOf(axis, count)
  const ticks = round.length > places.length ? places : round
  const textOf = tickFormat(ticks)
  const placeOf = (tick: number): number => {
    const next = places.findIndex((place) => place >= tick)
    if (next <= 0 || places[next] === tick) return Math.max(next, 0)
    const domain = [places[next - 1]!, places[next]!] as const
    return next - 1 + shareOf({ ...axis, domain }, tick)
  }
  return ticks.map((tick) => ({ at: (placeOf(tick) + 0.5) / places.length, text: textOf(tick) }))
}

/**
 * Ascending values that divide a grid into `bands` bands of equal area. With one colour for each band, every part of a
 * landscape is visible: a narrow valley in a plain, and a plain beside walls a thousand times as high.
 */
export function quantiles(values: readonly (number | null)[], bands: number): readonly number[] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const cuts = Array.from({ length: bands }, (_, i) => sorted[Math.floor((i * sorted.length) / bands)]!)
  return [...new Set(cuts)]
}
