import { elementary } from '@driftfarm/formula'
import { Mistake } from '../errors.ts'
import { together } from '../mistakes.ts'
import type { Frame } from '../resolve/frame.ts'
import type { Scope } from '../resolve/scope.ts'
import { ranges } from '../schema/range.ts'

/** Significant digits of the values between the ends of a range, so that 0.1 + 0.2 reads 0.3. */
const digits = 12

/**
 * `count` values from `from` to `to`. The two ends are exact; values between them are rounded to 12 significant digits.
 */
export function rangeValues(
  from: number,
  to: number,
  count: number,
  scale: 'linear' | 'log',
): (index: number) => number {
  return (index) => {
    if (index === 0) return from
    if (index === count - 1) return to
    const share = index / (count - 1)
    const value =
      scale === 'linear'
        ? from + (to - from) * share
        : elementary.exp(elementary.log(from) + (elementary.log(to) - elementary.log(from)) * share)
    return Number(value.toPrecision(digits))
  }
}

/** Values and length of an axis written as {from, to, count, scale}. */
export function resolveRange(scope: Scope, frame: Frame): { length: number; at: (index: number) => number } {
  const scale = frame.get('scale') === 'log' ? 'log' : 'linear'
  const range = scale === 'log' ? ranges.positive : ranges.any
  const { from, to, length } = together({
    from: () => scope.number(frame, 'from', range),
    to: () => scope.number(frame, 'to', range),
    length: () => scope.number(frame, 'count', ranges.count),
  })
  if (length === 1 && from !== to) {
    throw new Mistake('AXIS', frame.at('count'), {
      value: 1,
      reason: 'one value cannot be both ends',
      hint: 'write a count of 2 or more, or a list',
    })
  }
  return { length, at: rangeValues(from, to, length, scale) }
}
