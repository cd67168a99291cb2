import * as elementary from './elementary/index.ts'
import type { ArithmeticOperator, CompareOperator, Expression, FunctionName } from './expression.ts'
import { fold } from './fold.ts'

/** Gives the values of names and list elements. */
export interface Values {
  readonly name: (word: string) => number
  /** The element at a 1-based index. Must return NaN for an index that is not an integer or is out of range. */
  readonly element: (word: string, index: number) => number
}

type Value = number | boolean

/** Evaluates an expression once. If an expression is evaluated often, `compileScalar` is faster. */
export function evaluate(e: Expression, values: Values): number | boolean {
  return fold<Value>(e, (node, parts) => nodeValue(node, parts, values), {
    enter: (node) => {
      if (node.kind === 'reduce') return evaluateReduce(node, values)
      // Only the chosen side is evaluated, because the other side may read an element that is out of range.
      if (node.kind === 'select') return evaluate(evaluate(node.condition, values) ? node.then : node.otherwise, values)
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
  const from = evaluate(e.from, values) as number
  const to = evaluate(e.to, values) as number
  let index = from
  const inner: Values = { ...values, name: (word) => (word === e.index ? index : values.name(word)) }
  if (!(from <= to)) return e.operator === 'sum' ? 0 : 1
  let result = evaluate(e.body, inner) as number
  for (index = from + 1; index <= to; index++) {
    const term = evaluate(e.body, inner) as number
    result = e.operator === 'sum' ? result + term : result * term
  }
  return result
}

/**
 * Whether `^` with this exponent is computed by repeated squaring: the exponent is a literal integer from -64 to 64.
 */
export function isSmallInteger(e: Expression): e is Extract<Expression, { kind: 'number' }> {
  return e.kind === 'number' && Number.isInteger(e.value) && Math.abs(e.value) <= 64
}

/** The operators on two numbers. For `^` with an exponent that `isSmallInteger` accepts, see `calculate`. */
const arithmetic: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': elementary.power,
}

export const comparisons: Readonly<Record<CompareOperator, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
}

/** The functions of the grammar, by name. Those of one argument ignore the second. */
export const functions: Readonly<Record<FunctionName, (x: number, y: number) => number>> = elementary

/** `smallInteger`: whether `isSmallInteger` accepts the exponent `right`. */
export function calculate(operator: ArithmeticOperator, left: number, right: number, smallInteger: boolean): number {
  return operator === '^' && smallInteger ? elementary.powerInteger(left, right) : arithmetic[operator](left, right)
}
