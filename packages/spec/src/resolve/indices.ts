import { type Expression, fold } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'

type Interval = readonly [low: number, high: number]
type Bounds = ReadonlyMap<string, Interval>

/**
 * Refuses an index whose value may be outside 1 .. dimension, and a sum whose bounds are not constant. If a name occurs
 * twice in an index, as in x[i-i+1], the computed interval may be too wide, and a valid index may be refused.
 */
export function checkIndices(root: Expression, dimension: number, path: Path, text: string): void {
  const refusal = (reason: string, hint?: string) =>
    new Mistake('INDEX_OUT_OF_RANGE', path, { value: text, reason, limit: `${dimension}`, ...(hint && { hint }) })
  const check = (e: Expression, bounds: Bounds): void => {
    fold<true>(
      e,
      (node) => {
        if (node.kind !== 'element') return true
        const range = intervalOf(node.index, bounds)
        if (range === null)
          throw refusal('an index may contain only integers, index names of sums, and the operators +, - and *')
        const [low, high] = range
        if (low >= 1 && high <= dimension) return true
        throw refusal(low === high ? `there is no x[${low}]` : `the index runs from ${low} to ${high}`)
      },
      {
        enter: (node) => {
          if (node.kind !== 'reduce') return undefined
          const from = intervalOf(node.from, bounds)
          const to = intervalOf(node.to, bounds)
          if (from === null || to === null || from[0] !== from[1] || to[0] !== to[1]) {
            const reason = `the bounds of ${node.operator} are not constant integers`
            throw refusal(
              reason,
              'bounds may contain integers, d, names from `let`, and the operators +, - and *, but not the index of ' +
                'another sum',
            )
          }
          if (from[0] <= to[0]) check(node.body, new Map([...bounds, [node.index, [from[0], to[0]]]]))
          return true
        },
      },
    )
  }
  check(root, new Map())
}

function intervalOf(index: Expression, bounds: Bounds): Interval | null {
  return fold<Interval | null>(index, (e, [left, right]) => {
    if (e.kind === 'number') return Number.isInteger(e.value) ? [e.value, e.value] : null
    if (e.kind === 'name') return bounds.get(e.name) ?? null
    if (e.kind === 'negate') return left ? [-left[1], -left[0]] : null
    if (e.kind !== 'binary' || !left || !right) return null
    if (e.operator === '+') return [left[0] + right[0], left[1] + right[1]]
    if (e.operator === '-') return [left[0] - right[1], left[1] - right[0]]
    if (e.operator !== '*') return null
    const products = [left[0] * right[0], left[0] * right[1], left[1] * right[0], left[1] * right[1]]
    return [Math.min(...products), Math.max(...products)]
  })
}
