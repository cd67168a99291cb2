import { codedError } from './codedError.ts'
import { limits } from './limits.ts'

const { operations: maxOperations, simplifiedParts: maxParts } = limits

/** `{0}` and `{1}` are replaced by the arguments of the error. The code that throws the error adds the hint. */
const table = {
  empty: {
    says: 'the expression is empty',
    means: 'The expression is empty or contains only spaces.',
    fix: 'Write an expression, or remove the key from the spec.',
  },
  'unexpected-character': {
    says: 'unexpected character {0}',
    means: 'The expression contains a character that is not allowed, such as a typographic quote or `$`.',
    fix: 'Remove the character. The operators are `+ - * / ^`, comparisons, `&&`, `||` and `!`.',
  },
  'unknown-operator': {
    says: 'unknown operator {0}',
    means: 'A sequence of operator characters, such as `**` or `=>`, is not an operator.',
    fix: 'Use `^` for powers, and `<`, `<=`, `>`, `>=`, `==`, `!=` to compare.',
  },
  'malformed-number': {
    says: 'malformed number {0}',
    means: 'A word, such as `1.2.3` or `2x`, begins like a number but is not a number.',
    fix: 'Write the number as `12`, `0.5` or `1e-3`. To multiply, write `2*x`.',
  },
  'number-not-finite': {
    says: 'the number {0} is too large for a double',
    means: 'A number is larger than the largest double, which is about 1.8e308.',
    fix: 'Write a smaller number.',
  },
  'unexpected-token': {
    says: 'expected {0}, found {1}',
    means: 'The expression does not match the grammar. The message names what was expected and what was found.',
    fix: 'Read the expression up to the reported place and write what is expected there.',
  },
  'unexpected-end': {
    says: 'expected {0}, but the expression ends here',
    means: 'The expression is incomplete: something is missing at its end, such as the right side of an operator.',
    fix: 'Add what is expected at the end.',
  },
  'unclosed-parenthesis': {
    says: 'this {0} is never closed',
    means: 'A parenthesis, or the bracket of an index, is never closed.',
    fix: 'Add the missing `)` or `]`. The reported place is the opening parenthesis or bracket.',
  },
  'unopened-parenthesis': {
    says: 'this {0} was never opened',
    means: 'A closing parenthesis or bracket has no matching opening parenthesis or bracket.',
    fix: 'Remove the reported `)` or `]`, or add the matching `(` or `[` before it.',
  },
  'missing-operator': {
    says: 'expected an operator before {0}',
    means: 'Two values follow each other without an operator, as in `x y`.',
    fix: 'Write the operator, as in `x*y`. Names cannot contain spaces.',
  },
  'assignment-for-comparison': {
    says: 'a single = is not a comparison',
    means: 'A condition contains a single `=`.',
    fix: 'Write `==` to compare.',
  },
  'assignment-for-number': {
    says: 'an equation cannot be used as a number',
    means: 'An equation, such as `L = x^2`, is written where a number is needed.',
    fix: 'Write only the part to the right of the `=`.',
  },
  'chained-comparison': {
    says: 'comparisons cannot be chained',
    means: 'Two comparisons are chained, as in `0 < x < 1`.',
    fix: 'Join the two comparisons: `0 < x && x < 1`.',
  },
  'unknown-function': {
    says: 'unknown function {0}',
    means: 'The expression calls a function that does not exist.',
    fix: 'Use one of the functions that the message suggests. The spec reference lists all functions.',
  },
  'unknown-name': {
    says: 'unknown name {0}',
    means: 'The expression uses a name that is not defined at this place.',
    fix: 'Use one of the names that the message suggests, or define the name under `let` or `parameters`.',
  },
  'reserved-name': {
    says: '{0} is reserved by the grammar and cannot be {1}',
    means: 'A word of the grammar, such as `sum` or `exp`, is used as a name.',
    fix: 'Choose another name.',
  },
  'function-without-arguments': {
    says: 'the function {0} needs its arguments in parentheses',
    means: 'The name of a function is written without arguments.',
    fix: 'Write the arguments in parentheses: `exp(x)`.',
  },
  'wrong-argument-count': {
    says: '{0} takes {1}, not {2}',
    means: 'A function has the wrong number of arguments. The message gives the required number and the number found.',
    fix: 'Write the required number of arguments.',
  },
  'not-a-name': {
    says: 'the index of {0} must be a plain name',
    means: 'The first argument of a sum or product, its index, is not a plain name.',
    fix: 'Write a name, such as `i` in `sum(i, 1, d, x[i]^2)`.',
  },
  'not-indexed': {
    says: '{0} is a list of coordinates and needs an index',
    means: 'A list of coordinates is used as if it were a single number.',
    fix: 'Name one coordinate by its index, as in `x[1]`.',
  },
  'not-a-list': {
    says: '{0} is a number and cannot be indexed',
    means: 'A single number is used with an index.',
    fix: 'Remove the index.',
  },
  'condition-for-number': {
    says: '{0} needs a number, not a condition',
    means: 'A condition, such as `x > 0`, is written where a number is needed.',
    fix: 'Write a number instead of the condition.',
  },
  'number-for-condition': {
    says: '{0} needs a condition, not a number',
    means: 'A number is written where a condition is needed.',
    fix: 'Compare the number with another number, as in `x > 0`.',
  },
  'index-not-integer': {
    says: 'the index {0} of {1} is not an integer',
    means: 'The index of a coordinate is not an integer.',
    fix: 'Write an integer, or an expression that contains only integers and indices of sums.',
  },
  'index-out-of-range': {
    says: 'the index {0} of {1} is out of range',
    means: 'There is no coordinate with this index.',
    fix:
      'Use an index from 1 to the dimension. If the index of a sum goes beyond the dimension, tighten the bounds of ' +
      'the sum.',
  },
  'bounds-not-integer': {
    says: 'the bound {0} of {1} is not an integer',
    means: 'A bound of a sum or product is not an integer.',
    fix: 'Write an integer, `d` for the dimension, or an expression that contains only integers and `d`.',
  },
  'bounds-not-constant': {
    says: 'the bound {1} of {0} is not constant',
    means: 'A bound of a sum or product depends on something that changes from step to step.',
    fix: 'Use bounds that are known before any trial runs.',
  },
  'too-many-terms': {
    says: `{0} has {1} terms; at most ${limits.terms} are allowed`,
    means: `A sum or product has more than ${limits.terms} terms.`,
    fix: 'Write fewer terms.',
  },
  'too-many-operations': {
    says: `one evaluation of the expression takes {0} operations; at most ${maxOperations} are allowed`,
    means: `One evaluation takes more than ${limits.operations} operations. Nested sums multiply the count.`,
    fix: 'Nest fewer sums, or tighten the bounds of the sums.',
  },
  'too-many-nodes': {
    says: `the expression has more than ${limits.nodes} numbers, names and operators`,
    means: `The expression has more than ${limits.nodes} numbers, names and operators.`,
    fix: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  'too-deep': {
    says: `the expression is nested more than ${limits.nesting} levels deep`,
    means: `Parentheses, calls, signs and powers are nested more than ${limits.nesting} levels deep.`,
    fix: 'Nest the expression less deeply. Where possible, define parts of it under `let`.',
  },
  'too-many-parts': {
    says: `the derivative is too long: simplifying it produces more than ${maxParts} subexpressions`,
    means: 'Simplifying the derivative of the expression takes too many steps.',
    fix: 'Simplify long products and powers of sums, or write them with `sum` and `prod`.',
  },
  'too-large': {
    says: `the expression has more than ${limits.derivedNodes} parts after it is differentiated or rewritten`,
    means: `The expression has more than ${limits.derivedNodes} parts after it is differentiated or rewritten.`,
    fix: 'Use fewer factors or fewer coordinates.',
  },
} as const

export type FormulaErrorCode = keyof typeof table

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
export class FormulaError extends codedError('FormulaError', table, 'usage') {
  readonly offset: number
  readonly length: number

  constructor(code: FormulaErrorCode, about: readonly (string | number)[], span: Span = nowhere, hint?: string | null) {
    const message = table[code].says.replace(/\{(\d)\}/g, (_, index) => String(about[Number(index)]))
    super(code, message, { hint })
    this.offset = span.offset
    this.length = span.length
  }
}

export function quote(text: string): string {
  return text.length > 40 ? `\`${text.slice(0, 40)}...\`` : `\`${text}\``
}
