import type { Range } from './scene.ts'

/** Round numbers inside a range, about `count` of them, at steps of 1, 2 or 5 times a power of ten. */
export function ticks([low, high]: Range, count: number): readonly number[] {
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999) ?? 10 * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** A number for a label, with three or four significant digits. */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(1).replace('e+', 'e')
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3)))
}
