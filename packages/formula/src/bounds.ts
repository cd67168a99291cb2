import { FormulaError, quote, type Span } from './errors.ts'
import { limits } from './limits.ts'

export function isIndex(value: number, length = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= 1 && value <= length
}

/** Throws FormulaError if a literal index is not a whole number, is below 1, or exceeds the length of the list. */
export function checkIndex(value: number, word: string, span?: Span, length = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isInteger(value)) throw new FormulaError('index-not-integer', [value, quote(word)], span)
  if (isIndex(value, length)) return
  const known = length < Number.MAX_SAFE_INTEGER
  const hint = known
    ? `${word} runs from ${word}[1] to ${word}[${length}]`
    : `the first element is ${word}[1]; if ${word} is listed under \`variables\`, write ${word} without an index`
  throw new FormulaError('index-out-of-range', [value, quote(word)], span, hint)
}

export function checkTerms(count: number, operator: 'sum' | 'prod', span?: Span): void {
  if (count > limits.terms) throw new FormulaError('too-many-terms', [quote(operator), count], span)
}
