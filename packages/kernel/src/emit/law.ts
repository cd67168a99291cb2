import { type FormulaName, formulaOf } from '../laws/laws.ts'
import { code, local, vector } from './code/code.ts'
import { calleesOf, type FunctionCode, functionCode } from './code/function.ts'
import { pinned } from './code/statement.ts'
import type { Numbers } from './numbers.ts'
import { none } from './rule.ts'
import { Scope } from './scope.ts'
import { Writer } from './writer.ts'

/**
 * Emits the function that computes a random number by its formula. The arguments are the draws, in order, and then the
 * parameter of the distribution, if the formula has one. A fraction is passed as the 64 bits from which it is made.
 */
export function lawFunction(name: FormulaName, numbers: Numbers): FunctionCode {
  const { takes, signedBy, value, parameters } = formulaOf(name)
  const bits = (fraction: string) => local(`bits_${fraction}`)
  const given = [
    ...takes.map((each) => (each === 'z' ? local(each) : bits(each))),
    ...parameters.map((each) => local(each)),
  ]
  const scope = new Scope(numbers, new Map())
  const writer = new Writer(scope, {
    name: (word) => (word === 'f' || word === 'g' ? vector`fraction(${bits(word)})` : local(word)),
    element: none,
  })
  const magnitude = writer.value(value)
  const result = signedBy === undefined ? magnitude : vector`signed(${magnitude}, ${bits(signedBy)})`
  const body = [...scope.prologue.statements, ...writer.body.statements, pinned(code`return ${result}`)]
  // A call would take longer than a formula without elementary functions.
  const called = calleesOf(body, 'elementary').length > 0
  return functionCode(`${called ? '' : '@inline '}function ${name}`, given, 'v128', body)
}
