import { calculate, comparisons, functions, isSmallInteger } from './arithmetic.ts'
import type { Expression } from './expression.ts'
import { fold } from './fold.ts'

/** The values of names and of list elements. */
export interface Values {
  readonly name: (word: string) => number
  /** The element at a 1-based index. Must return NaN for an index that is not an integer or is out of range. */
  readonly element: (word: string, index: number) => number
}

type Value = number | boolean

/** Evaluates a tree node by node. Shares no code with `compile.ts`, which it checks. */
export function walk(e: Expression, values: Values): number | boolean {
  return fold<Value>(e, (node, parts) => nodeValue(node, parts, values), {
    enter: (node) => {
      if (node.kind === 'reduce') return evaluateReduce(node, values)
      // Only the chosen side is evaluated, because the other side may read an element that is out of range.
      if (node.kind === 'select') return walk(walk(node.condition, values) ? node.then : node.otherwise, values)
      return undefined
    },
  })
}

function nodeValue(e: Expression, parts: readonly Value[], values: Values): Value {
  const [left, right] = parts as readonly [number, number]
  switch (e.kind) {
    case 'number':
      return e.value
    case 'name':
      return values.name(e.name)
    case 'element':
      return values.element(e.name, left)
    case 'negate':
      return -left
    case 'binary':
      return calculate(e.operator, left, right, isSmallInteger(e.right))
    case 'call':
      return functions[e.function](left, right)
    case 'compare':
      return comparisons[e.operator](left, right)
    case 'logic':
      return e.operator === '&&' ? parts[0]! && parts[1]! : parts[0]! || parts[1]!
    case 'not':
      return !parts[0]
    case 'reduce':
    case 'select':
      throw new TypeError(`internal error: a \`${e.kind}\` node reached this switch; \`enter\` evaluates it`)
  }
}

type Reduce = Extract<Expression, { kind: 'reduce' }>

function evaluateReduce(e: Reduce, values: Values): number {
  const from = walk(e.from, values) as number
  const to = walk(e.to, values) as number
  let index = from
  const inner: Values = { ...values, name: (word) => (word === e.index ? index : values.name(word)) }
  if (!(from <= to)) return e.operator === 'sum' ? 0 : 1
  let result = walk(e.body, inner) as number
  for (index = from + 1; index <= to; index++) {
    const term = walk(e.body, inner) as number
    result = e.operator === 'sum' ? result + term : result * term
  }
  return result
}
