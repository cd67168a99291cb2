import { FormulaError, quote } from './errors.ts'
import type { Expression, FunctionName } from './expression.ts'
import { functionHint, wordHint } from './foreign.ts'
import type { Token } from './lexer.ts'
import { nearestWord } from './nearestWord.ts'
import { print } from './print.ts'

/** No number is a comparison: where one is wanted, `L = x^2` and `= x^2` are equations. */
export function withoutEquation(error: unknown): unknown {
  if (!(error instanceof FormulaError) || error.code !== 'assignment-for-comparison') return error
  return new FormulaError('assignment-for-number', [], error, 'write what stands behind the = alone')
}

/** Two names side by side may be one that holds a space, as headers of tables do. */
export function betweenHint(kind: Token['kind'], last: string): string {
  const product = 'to multiply, write * between the two'
  const areNames = kind === 'name' && /^[A-Za-z_]/.test(last)
  return areNames ? `${product}; a name holds no space: rename the column of a file` : product
}

/** `a < b < c` as two comparisons, the last number as `...`: it is not read yet. */
export function unchained(first: Expression, operator: string): string {
  if (first.kind !== 'compare') return 'write a < b && b < c'
  const text = `${print(first)} && ${print(first.right)} ${operator} ...`
  return text.length > 60 ? 'write a < b && b < c' : `join two by &&: ${text}`
}

export function unknownFunction(token: Token, functions: readonly FunctionName[]): FormulaError {
  const word = token.text
  const near = nearestWord(word, [...functions, 'sum', 'prod'])
  const hint =
    functionHint(word) ??
    wordHint(word) ??
    (near !== undefined
      ? `did you mean ${near}?`
      : `to multiply, write ${word}*(...); the functions are ${functions.join(', ')}, sum, prod`)
  return new FormulaError('unknown-function', [quote(word)], token, hint)
}
