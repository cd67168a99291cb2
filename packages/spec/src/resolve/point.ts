import { Mistake } from '../errors.ts'
import { collectEach } from '../mistakes.ts'
import { type Range, ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'

export function resolvePoint(scope: Scope, frame: Frame, key: string | number, dimension: number): readonly number[] {
  return pointWithin(ranges.any, scope, frame.inner(key), dimension)
}

export function pointWithin(range: Range, scope: Scope, list: Frame, dimension: number): readonly number[] {
  const coordinates = list.object as readonly unknown[]
  if (coordinates.length !== dimension) {
    const expected = `a point of ${dimension} ${dimension === 1 ? 'number' : 'numbers'}`
    throw new Mistake('WRONG_DIMENSION', list.path(), { value: coordinates, expected })
  }
  return collectEach(coordinates, (_, i) => scope.number(list, i, range))
}
