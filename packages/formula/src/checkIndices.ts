import { FormulaError, quote, type Span } from './errors.ts'
import { limits } from './limits.ts'

/** Throws FormulaError if a literal index is not a whole number, or is below 1. */
export function checkIndex(value: number, word: string, span?: Span): void {
  if (!Number.isInteger(value)) throw new FormulaError('index-not-integer', [value, quote(word)], span)
  if (value >= 1 && Number.isSafeInteger(value)) return
  const plain = `if ${word} is listed under \`variables\`, write ${word} without an index`
  const hint = `the first element is ${word}[1]; ${plain}`
  throw new FormulaError('index-out-of-range', [value, quote(word)], span, hint)
}

export function checkTerms(count: number, operator: 'sum' | 'prod', span?: Span): void {
  if (count > limits.terms) throw new FormulaError('too-many-terms', [quote(operator), count], span)
}
