import { evaluate } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import type { Expressions } from '../resolve/expressions.ts'

/** An expression without names is replaced by its value, so that results show the number. */
export function listValues(
  values: readonly unknown[],
  path: Path,
  expressions: Expressions,
): (index: number) => unknown {
  if (values.length === 0) {
    throw new Mistake('AXIS', path, { value: values, reason: 'it has no values', hint: 'write at least one value' })
  }
  const hasText = values.some((value) => typeof value === 'string')
  const list = hasText ? values.map((value, i) => constantOf(value, [...path, i], expressions)) : values
  return (index) => list[index]
}

function constantOf(value: unknown, path: Path, expressions: Expressions): unknown {
  if (typeof value !== 'string' || !/^\s*=/.test(value)) return value
  const { expression, names, arrays } = expressions.number(value, path)
  if (names.size > 0 || arrays.size > 0) return value
  const number = evaluate(expression, { name: () => Number.NaN, element: () => Number.NaN })
  return typeof number === 'number' && Number.isFinite(number) ? number : value
}
