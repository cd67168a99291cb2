import { FormulaError, quote } from './errors.ts'
import type { Expression, FunctionName } from './expression.ts'
import { functionHint, wordHint } from './foreign.ts'
import type { Token } from './lexer.ts'
import { nearestWord } from './nearestWord.ts'
import { print } from './print.ts'

/**
 * Where a number is needed, `L = x^2` or `= x^2` is an equation, not a comparison in which the second `=` is missing.
 */
export function withoutEquation(error: unknown): unknown {
  if (!(error instanceof FormulaError) || error.code !== 'assignment-for-comparison') return error
  return new FormulaError('assignment-for-number', [], error, 'write only the part after the =')
}

/** Two names side by side may be one name with a space in it, such as a column header. */
export function betweenHint(kind: Token['kind'], last: string): string {
  const product = 'to multiply, write * between the two values'
  const areNames = kind === 'name' && /^[A-Za-z_]/.test(last)
  return areNames
    ? `${product}; names cannot contain spaces, so if the two words name a column, rename the column in its file`
    : product
}

/** In the hint, `...` stands for the number after `operator`, which has not been read yet. */
export function unchained(first: Expression, operator: string): string {
  if (first.kind !== 'compare') return 'write a < b && b < c'
  const text = `${print(first)} && ${print(first.right)} ${operator} ...`
  return text.length > 60 ? 'write a < b && b < c' : `join two comparisons with &&: ${text}`
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
