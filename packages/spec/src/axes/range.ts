import { elementary } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import type { Frame } from '../resolve/frame.ts'
import type { Scope } from '../resolve/scope.ts'
import { ranges } from '../schema/range.ts'
import { unknownWord } from '../words/unknownWord.ts'

export type AxisScale = 'linear' | 'log'

/** Values between the ends of a range are rounded to this many significant digits: 0.1 + 0.2 becomes 0.3. */
const digits = 12

export function rangeValues(from: number, to: number, count: number, scale: AxisScale): (index: number) => number {
  return (index) => {
    if (index === 0) return from
    if (index === count - 1) return to
    return valueBetween(from, to, index / (count - 1), scale)
  }
}

/** `share` is 0 at `from` and 1 at `to`. */
export function valueBetween(from: number, to: number, share: number, scale: AxisScale): number {
  const value =
    scale === 'linear'
      ? from + (to - from) * share
      : elementary.exp(elementary.log(from) + (elementary.log(to) - elementary.log(from)) * share)
  return Number(value.toPrecision(digits))
}

export function resolveEnds(scope: Scope, frame: Frame) {
  const scale: AxisScale = frame.get('scale') === 'log' ? 'log' : 'linear'
  const range = scale === 'log' ? ranges.positive : ranges.any
  return collectParts<{ from: number; to: number; scale: AxisScale }>({
    from: () => scope.number(frame, 'from', range),
    to: () => scope.number(frame, 'to', range),
    scale: () => scale,
  })
}

export function checkScale(scale: unknown, path: Path): void {
  if (scale === undefined || scale === 'linear' || scale === 'log') return
  throw unknownWord([...path, 'scale'], String(scale), ['linear', 'log'])
}

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
