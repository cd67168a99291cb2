import { children, type Expression } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'

type Interval = readonly [low: number, high: number]

/**
 * Refuses an index that may leave 1 .. dimension. Indices are made of integers, names of sums and + - *; their
 * intervals are exact where a name stands once, as in x[i+1].
 */
export function checkIndices(expression: Expression, dimension: number, path: Path, text: string): void {
  const refuse = (reason: string): never => {
    throw new Mistake('INDEX_OUT_OF_RANGE', path, { value: text, reason, limit: `${dimension}` })
  }
  const visit = (e: Expression, bound: ReadonlyMap<string, Interval>): void => {
    if (e.kind === 'element') {
      const [low, high] = interval(e.index, bound) ?? refuse('an index is made of integers, names of sums and + - *')
      if (low < 1 || high > dimension)
        refuse(low === high ? `there is no x[${low}]` : `the index runs from ${low} to ${high}`)
    }
    if (e.kind !== 'reduce') {
      for (const child of children(e)) visit(child, bound)
      return
    }
    const from = interval(e.from, bound)
    const to = interval(e.to, bound)
    if (from === null || to === null || from[0] !== from[1] || to[0] !== to[1]) {
      return refuse(`the bounds of ${e.operator} are no constant integers`)
    }
    if (from[0] <= to[0]) visit(e.body, new Map([...bound, [e.index, [from[0], to[0]]]]))
  }
  visit(expression, new Map())
}

/** The values an index takes; null where it is none. */
function interval(e: Expression, bound: ReadonlyMap<string, Interval>): Interval | null {
  if (e.kind === 'number') return Number.isInteger(e.value) ? [e.value, e.value] : null
  if (e.kind === 'name') return bound.get(e.name) ?? null
  if (e.kind === 'negate') {
    const inner = interval(e.argument, bound)
    return inner && [-inner[1], -inner[0]]
  }
  if (e.kind !== 'binary') return null
  const left = interval(e.left, bound)
  const right = interval(e.right, bound)
  if (left === null || right === null) return null
  if (e.operator === '+') return [left[0] + right[0], left[1] + right[1]]
  if (e.operator === '-') return [left[0] - right[1], left[1] - right[0]]
  if (e.operator !== '*') return null
  const products = [left[0] * right[0], left[0] * right[1], left[1] * right[0], left[1] * right[1]]
  return [Math.min(...products), Math.max(...products)]
}
