import type { Axis } from '../figure/figure.ts'

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
 * The ticks of a log axis: the powers of ten inside a range. If there are more than `count`, some are left out. If
 * there are too few, ticks at 3 times each power are added. If there are still too few, ticks at 2 and 5 times each
 * power are added instead. If even these are too few, the ticks are those of a linear axis.
 */
export function logTicks([low, high]: readonly [number, number], count: number): readonly number[] {
  if (!(high > low)) return [low]
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const inside = (numbers: readonly number[]) =>
    numbers.filter((one) => one >= low * (1 - 1e-9) && one <= high * (1 + 1e-9))
  const powers = Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`))
  const whole = inside(powers)
  if (whole.length > count) {
    const every = Math.ceil(whole.length / count)
    return whole.filter((_, at) => at % every === 0)
  }
  for (const factors of [[1], [1, 3], [1, 2, 5]]) {
    const found = inside(powers.flatMap((power) => factors.map((factor) => Number((factor * power).toPrecision(1)))))
    if (found.length >= Math.min(3, count)) return found
  }
  const fine = linearTicks([low, high], count)
  return fine.length >= 2 ? fine : [low, high]
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

/** Returns a function that prints the numbers of an axis with just enough digits to distinguish its ticks. */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  for (let digits = 3; digits < 15; digits++) {
    const texts = ticks.map((tick) => tickText(tick, digits))
    if (new Set(texts).size === ticks.length) return (value) => tickText(value, digits)
  }
  return (value) => tickText(value, 15)
}

/** Prints `digits` significant digits, and one more for numbers from 100 to 99,999. */
export function tickText(value: number, digits = 3): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
    return `${Number(mantissa)}e${Number(exponent)}`
  }
  return String(Number(value.toPrecision(size >= 100 ? digits + 1 : digits)))
}

/** The position of a number on an axis, from 0 at the lower end to 1 at the upper end. */
export function shareOf({ scale, domain }: Axis, value: number): number {
  const [low, high] = domain!
  if (!(high > low)) return 0.5
  if (scale !== 'log') return (value - low) / (high - low)
  return Math.log(value / low) / Math.log(high / low)
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
