import { codedError, sameEnding } from './codedError.ts'
import { limits } from './limits.ts'

const { operations: maxOperations, simplifiedParts: maxParts } = limits

/** `{0}` and `{1}` are replaced by the arguments of the error. The code that throws the error adds the hint. */
const messages = {
  empty: 'the expression is empty',
  'unexpected-character': 'unexpected character {0}',
  'unknown-operator': 'unknown operator {0}',
  'malformed-number': 'malformed number {0}',
  'number-not-finite': 'the number {0} is too large for a double',
  'unexpected-token': 'expected {0}, found {1}',
  'unexpected-end': 'expected {0}, but the expression ends here',
  'unclosed-parenthesis': 'this {0} is never closed',
  'unopened-parenthesis': 'this {0} was never opened',
  'missing-operator': 'expected an operator before {0}',
  'assignment-for-comparison': 'a single = is not a comparison',
  'assignment-for-number': 'an equation cannot be used as a number',
  'chained-comparison': 'comparisons cannot be chained',
  'unknown-function': 'unknown function {0}',
  'unknown-name': 'unknown name {0}',
  'reserved-name': '{0} is reserved by the grammar and cannot be {1}',
  'function-without-arguments': 'the function {0} needs its arguments in parentheses',
  'wrong-argument-count': '{0} takes {1}, not {2}',
  'not-a-name': 'the index of {0} must be a plain name',
  'not-indexed': '{0} is a list of coordinates and needs an index',
  'not-a-list': '{0} is a number and cannot be indexed',
  'condition-for-number': '{0} needs a number, not a condition',
  'number-for-condition': '{0} needs a condition, not a number',
  'index-not-integer': 'the index {0} of {1} is not an integer',
  'index-out-of-range': 'the index {0} of {1} is out of range',
  'bounds-not-integer': 'the bound {0} of {1} is not an integer',
  'bounds-not-constant': 'the bound {1} of {0} is not constant',
  'too-many-terms': `{0} has {1} terms; at most ${limits.terms} are allowed`,
  'too-many-operations': `one evaluation of the expression takes {0} operations; at most ${maxOperations} are allowed`,
  'too-many-nodes': `the expression has more than ${limits.nodes} numbers, names and operators`,
  'too-deep': `the expression is nested more than ${limits.nesting} levels deep`,
  'too-many-parts': `the derivative is too long: simplifying it produces more than ${maxParts} subexpressions`,
  'too-large': `the expression has more than ${limits.derivedNodes} parts after it is differentiated or rewritten`,
} as const

export type FormulaErrorCode = keyof typeof messages

/**
 * A place in the text, in UTF-16 code units. An error about an expression that has no text has offset 0 and length 0.
 */
export interface Span {
  readonly offset: number
  readonly length: number
}

const nowhere: Span = { offset: 0, length: 0 }

/**
 * A mistake in an expression: what is wrong (`code`, `message`), where (`offset`, `length`), and what to write instead
 * (`hint`, or null).
 */
export class FormulaError extends codedError(sameEnding('usage', messages)) {
  override readonly name = 'FormulaError'
  readonly offset: number
  readonly length: number

  constructor(code: FormulaErrorCode, about: readonly (string | number)[], span: Span = nowhere, hint?: string | null) {
    super(
      code,
      messages[code].replace(/\{(\d)\}/g, (_, index) => String(about[Number(index)])),
      { hint },
    )
    this.offset = span.offset
    this.length = span.length
  }
}

export function quote(text: string): string {
  return text.length > 40 ? `\`${text.slice(0, 40)}...\`` : `\`${text}\``
}
