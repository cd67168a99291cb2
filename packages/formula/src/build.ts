import type { ArithmeticOperator, CompareOperator, Expression, FunctionName } from './expression.ts'

type Logic = '&&' | '||'

export function number(value: number): Expression {
  return Object.freeze({ kind: 'number', value })
}
export function name(word: string): Expression {
  return Object.freeze({ kind: 'name', name: word })
}
export function element(word: string, index: Expression): Expression {
  return Object.freeze({ kind: 'element', name: word, index })
}
export function negate(argument: Expression): Expression {
  return Object.freeze({ kind: 'negate', argument })
}
export function binary(operator: ArithmeticOperator, left: Expression, right: Expression): Expression {
  return Object.freeze({ kind: 'binary', operator, left, right })
}
export function call(word: FunctionName, ...parameters: readonly Expression[]): Expression {
  return Object.freeze({ kind: 'call', function: word, arguments: Object.freeze(parameters) })
}
export function reduce(
  operator: 'sum' | 'prod',
  index: string,
  from: Expression,
  to: Expression,
  body: Expression,
): Expression {
  return Object.freeze({ kind: 'reduce', operator, index, from, to, body })
}
export function select(condition: Expression, whenTrue: Expression, otherwise: Expression): Expression {
  // biome-ignore lint/suspicious/noThenProperty: an expression is never awaited, and `then` is the usual name.
  return Object.freeze({ kind: 'select', condition, then: whenTrue, otherwise })
}
export function compare(operator: CompareOperator, left: Expression, right: Expression): Expression {
  return Object.freeze({ kind: 'compare', operator, left, right })
}
export function logic(operator: Logic, left: Expression, right: Expression): Expression {
  return Object.freeze({ kind: 'logic', operator, left, right })
}
export function not(argument: Expression): Expression {
  return Object.freeze({ kind: 'not', argument })
}

export const zero = number(0)
export const one = number(1)
export const minusOne = number(-1)
export const two = number(2)

const infix = (operator: ArithmeticOperator) => (left: Expression, right: Expression) => binary(operator, left, right)

export const add = infix('+')
export const subtract = infix('-')
export const multiply = infix('*')
export const divide = infix('/')
export const raise = infix('^')
