import { elementary } from '@driftfarm/formula'
import type { Source } from '../document/source.ts'
import { isMapping, type Mapping, type Path } from '../document/value.ts'
import { axisMistake, outOfRange, overLimit, wrongType } from '../errors.ts'
import { type Frame, frameAt, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { unknownKey, unknownWord } from '../words/unknownKey.ts'
import { type Axis, axisOf, rangeColumn } from './grid.ts'

type AxisScale = 'linear' | 'log'

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

/** The ends and the scale of a range. `known` lists the keys that the range may have. */
export function resolveEnds(frame: Frame, known: readonly string[]) {
  const written = frame.get('scale')
  const scale = written === undefined ? 'linear' : written
  const range = scale === 'log' ? ranges.positive : ranges.any
  return collectParts({
    keys: () => refuseOtherKeys(frame.path(), frame.object as Mapping, known),
    scale: (): AxisScale => {
      if (scale === 'linear' || scale === 'log') return scale
      throw unknownWord(frame.at('scale'), String(scale), ['linear', 'log'])
    },
    from: () => frame.number('from', range),
    to: () => frame.number('to', range),
  })
}

export function refuseOtherKeys(path: Path, mapping: Mapping, known: readonly string[]): void {
  collectEach(Object.keys(mapping), (key) => {
    if (!known.includes(key)) throw unknownKey(path, key, known)
  })
}

export function resolveRange(frame: Frame): { length: number; at: (index: number) => number } {
  const { ends, length } = collectParts({
    ends: () => resolveEnds(frame, ['from', 'to', 'count', 'scale']),
    length: () => frame.number('count', ranges.count),
  })
  const { from, to, scale } = ends
  if (length === 1 && from !== to) {
    throw axisMistake(
      frame.at('count'),
      1,
      'a range of one value cannot have two different ends',
      'write a count of 2 or more, or a list',
    )
  }
  return { length, at: rangeValues(from, to, length, scale) }
}

const keys = ['estimate', 'equals', 'over', 'within']
const ends = ['from', 'to']

/**
 * The axis of `threshold:`, a dyadic grid of 2^k + 1 values at most `within` apart. An ordinary sweep over a range with
 * the same ends and count has the same cells.
 */
export function searchedAxis({ path, source }: { readonly path: Path; readonly source: Source }, scope: Scope): Axis {
  const frame = mappingAt(scope.root, path, keys, '{estimate, equals, over: {PATH: {from, to}}, within}')
  const over = mappingAt(frame, ['over'], null, 'one path with its two ends, {PATH: {from, to}}')
  const [name, ...more] = Object.keys(over.object)
  if (name === undefined || more.length > 0)
    throw axisMistake(
      over.path(),
      over.object,
      'it must name exactly one path',
      'move any other path to `sweep`: a threshold is found for each combination of the values in `sweep`',
    )
  const range = mappingAt(over, [name], ends, '{from, to}')
  const { from, to, within } = collectParts({
    from: () => range.number('from', ranges.any),
    to: () => range.number('to', ranges.any),
    within: () => frame.number('within', ranges.positive),
  })
  if (!(from < to)) throw outOfRange(range.at('to'), to, `a number larger than \`from\` (${from})`)
  const length = gridPoints((to - from) / within)
  if (length > limits.cells)
    throw overLimit(
      'TOO_MANY_CELLS',
      frame.at('within'),
      `${length} points from ${from} to ${to}`,
      `${limits.cells} cells per sweep`,
      'write a larger `within`, or a narrower range',
    )
  const keyAt = { source, path: range.path() }
  const at = rangeValues(from, to, length, 'linear')
  // Values are rounded to 12 significant digits, so the rounding error is largest at the end farther from 0. Either
  // end may be the farther one, so the neighbours at both ends are compared.
  if (at(0) === at(1) || at(length - 2) === at(length - 1))
    throw outOfRange(
      frame.at('within'),
      within,
      `a larger number: values between ${from} and ${to} are rounded to 12 digits, so some would be equal`,
    )
  return { ...axisOf([rangeColumn(name, length, at, keyAt)]), isSearched: true }
}

/** The number of values, 2^k + 1, of the coarsest dyadic grid with at least `widths` intervals. */
function gridPoints(widths: number): number {
  let intervals = 1
  while (intervals < widths) intervals *= 2
  return intervals + 1
}

function mappingAt(root: Frame, path: Path, known: readonly string[] | null, expected: string): Frame {
  const value = frameAt(root, path.slice(0, -1)).get(path.at(-1)!)
  const frame = frameAt(root, path)
  if (!isMapping(value)) throw wrongType(frame.path(), value, expected)
  if (known !== null) refuseOtherKeys(frame.path(), value, known)
  return frame
}
