import { elementary } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import type { Frame } from '../resolve/frame.ts'
import type { Scope } from '../resolve/scope.ts'
import { ranges } from '../schema/range.ts'
import { unknownWord } from '../words/unknownWord.ts'

export type AxisScale = 'linear' | 'log'

/** Number of significant digits of the values between the ends of a range. Rounding gives 0.3 for 0.1 + 0.2. */
const digits = 12

/**
 * `count` values from `from` to `to`. The two ends are exact; values between them are rounded to 12 significant digits.
 */
export function rangeValues(from: number, to: number, count: number, scale: AxisScale): (index: number) => number {
  return (index) => {
    if (index === 0) return from
    if (index === count - 1) return to
    return valueBetween(from, to, index / (count - 1), scale)
  }
}

/** The value at the fraction `share` (0 .. 1) of the way from `from` to `to`, rounded to 12 significant digits. */
export function valueBetween(from: number, to: number, share: number, scale: AxisScale): number {
  const value =
    scale === 'linear'
      ? from + (to - from) * share
      : elementary.exp(elementary.log(from) + (elementary.log(to) - elementary.log(from)) * share)
  return Number(value.toPrecision(digits))
}

/** The ends and the scale of an axis written as {from, to, scale}. */
export function resolveEnds(scope: Scope, frame: Frame) {
  const scale: AxisScale = frame.get('scale') === 'log' ? 'log' : 'linear'
  const range = scale === 'log' ? ranges.positive : ranges.any
  return collectParts<{ from: number; to: number; scale: AxisScale }>({
    from: () => scope.number(frame, 'from', range),
    to: () => scope.number(frame, 'to', range),
    scale: () => scale,
  })
}

/** Refuses a word that is not a scale; `path` is the path of the axis. */
export function checkScale(scale: unknown, path: Path): void {
  if (scale === undefined || scale === 'linear' || scale === 'log') return
  throw unknownWord([...path, 'scale'], String(scale), ['linear', 'log'])
}

/** Values and length of an axis written as {from, to, count, scale}. */
export function resolveRange(scope: Scope, frame: Frame): { length: number; at: (index: number) => number } {
  const { ends, length } = collectParts({
    ends: () => resolveEnds(scope, frame),
    length: () => scope.number(frame, 'count', ranges.count),
  })
  const { from, to, scale } = ends
  if (length === 1 && from !== to) {
    throw new Mistake('AXIS', frame.at('count'), {
      value: 1,
      reason: 'a range of one value cannot have two different ends',
      hint: 'write a count of 2 or more, or a list',
    })
  }
  return { length, at: rangeValues(from, to, length, scale) }
}
