import * as elementary from './elementary/index.ts'
import type { ArithmeticOperator, CompareOperator, Expression, FunctionName, Node } from './expression.ts'

/**
 * Whether `^` with this exponent is computed by repeated squaring: the exponent is a literal integer from -64 to 64.
 */
export function isSmallInteger(e: Expression): e is Node<'number'> {
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
