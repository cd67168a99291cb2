import * as elementary from './elementary/index.ts'
import type { ArithmeticOperator, CompareOperator, Expression, FunctionName } from './expression.ts'

/**
 * Whether `^` with this exponent is computed by repeated squaring: the exponent is a literal integer from -64 to 64.
 */
export function isSmallInteger(e: Expression): e is Extract<Expression, { kind: 'number' }> {
  return e.kind === 'number' && Number.isInteger(e.value) && Math.abs(e.value) <= 64
}

/** `smallInteger`: whether `isSmallInteger` accepts the exponent `right`. */
export function calculate(operator: ArithmeticOperator, left: number, right: number, smallInteger: boolean): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '^':
      return smallInteger ? elementary.powerInteger(left, right) : elementary.power(left, right)
  }
}

export function compareNumbers(operator: CompareOperator, left: number, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}

export const unaryFunctions: Readonly<Record<Exclude<FunctionName, 'min' | 'max'>, (x: number) => number>> = {
  exp: elementary.exp,
  log: elementary.log,
  sqrt: elementary.sqrt,
  sin: elementary.sin,
  cos: elementary.cos,
  tan: elementary.tan,
  sinh: elementary.sinh,
  cosh: elementary.cosh,
  tanh: elementary.tanh,
  atan: elementary.atan,
  acos: elementary.acos,
  abs: elementary.abs,
  sigmoid: elementary.sigmoid,
  softplus: elementary.softplus,
  relu: elementary.relu,
  erf: elementary.erf,
  sign: elementary.sign,
}

export const binaryFunctions: Readonly<Record<'min' | 'max', (x: number, y: number) => number>> = {
  min: elementary.min,
  max: elementary.max,
}

export function applyFunction(word: FunctionName, values: readonly number[]): number {
  if (word === 'min' || word === 'max') return binaryFunctions[word](values[0]!, values[1]!)
  return unaryFunctions[word](values[0]!)
}
