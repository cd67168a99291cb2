import type { Meanings } from './codedError.ts'
import type { FormulaError } from './errors.ts'
import { limits } from './limits.ts'

export const formulaMeanings = {
  empty: {
    means: 'The expression is empty or contains only spaces.',
    hint: 'Write an expression, or remove the key from the spec.',
  },
  'unexpected-character': {
    means: 'The expression contains a character that is not allowed, such as a typographic quote or `$`.',
    hint: 'Remove the character. The operators are `+ - * / ^`, comparisons, `&&`, `||` and `!`.',
  },
  'unknown-operator': {
    means: 'A sequence of operator characters, such as `**` or `=>`, is not an operator.',
    hint: 'Use `^` for powers, and `<`, `<=`, `>`, `>=`, `==`, `!=` to compare.',
  },
  'malformed-number': {
    means: 'A word, such as `1.2.3` or `2x`, begins like a number but is not a number.',
    hint: 'Write the number as `12`, `0.5` or `1e-3`. To multiply, write `2*x`.',
  },
  'number-not-finite': {
    means: 'A number is larger than the largest double, which is about 1.8e308.',
    hint: 'Write a smaller number.',
  },
  'unexpected-token': {
    means: 'The expression does not match the grammar. The message names what was expected and what was found.',
    hint: 'Read the expression up to the reported place and write what is expected there.',
  },
  'unexpected-end': {
    means: 'The expression is incomplete: something is missing at its end, such as the right side of an operator.',
    hint: 'Add what is expected at the end.',
  },
  'unclosed-parenthesis': {
    means: 'A parenthesis, or the bracket of an index, is never closed.',
    hint: 'Add the missing `)` or `]`. The reported place is the opening parenthesis or bracket.',
  },
  'unopened-parenthesis': {
    means: 'A closing parenthesis or bracket has no matching opening parenthesis or bracket.',
    hint: 'Remove the reported `)` or `]`, or add the matching `(` or `[` before it.',
  },
  'missing-operator': {
    means: 'Two values follow each other without an operator, as in `x y`.',
    hint: 'Write the operator, as in `x*y`. Names cannot contain spaces.',
  },
  'assignment-for-comparison': {
    means: 'A condition contains a single `=`.',
    hint: 'Write `==` to compare.',
  },
  'assignment-for-number': {
    means: 'An equation, such as `L = x^2`, is written where a number is needed.',
    hint: 'Write only the part to the right of the `=`.',
  },
  'chained-comparison': {
    means: 'Two comparisons are chained, as in `0 < x < 1`.',
    hint: 'Join the two comparisons: `0 < x && x < 1`.',
  },
  'unknown-function': {
    means: 'The expression calls a function that does not exist.',
    hint: 'Use one of the functions that the message suggests. The spec reference lists all functions.',
  },
  'unknown-name': {
    means: 'The expression uses a name that is not defined at this place.',
    hint: 'Use one of the names that the message suggests, or define the name under `let` or `parameters`.',
  },
  'reserved-name': {
    means: 'A word of the grammar, such as `sum` or `exp`, is used as a name.',
    hint: 'Choose another name.',
  },
  'function-without-arguments': {
    means: 'The name of a function is written without arguments.',
    hint: 'Write the arguments in parentheses: `exp(x)`.',
  },
  'wrong-argument-count': {
    means: 'A function has the wrong number of arguments. The message gives the required number and the number found.',
    hint: 'Write the required number of arguments.',
  },
  'not-a-name': {
    means: 'The first argument of a sum or product, its index, is not a plain name.',
    hint: 'Write a name, such as `i` in `sum(i, 1, d, x[i]^2)`.',
  },
  'not-indexed': {
    means: 'A list of coordinates is used as if it were a single number.',
    hint: 'Name one coordinate by its index, as in `x[1]`.',
  },
  'not-a-list': {
    means: 'A single number is used with an index.',
    hint: 'Remove the index.',
  },
  'condition-for-number': {
    means: 'A condition, such as `x > 0`, is written where a number is needed.',
    hint: 'Write a number instead of the condition.',
  },
  'number-for-condition': {
    means: 'A number is written where a condition is needed.',
    hint: 'Compare the number with another number, as in `x > 0`.',
  },
  'index-not-integer': {
    means: 'The index of a coordinate is not an integer.',
    hint: 'Write an integer, or an expression that contains only integers and indices of sums.',
  },
  'index-out-of-range': {
    means: 'There is no coordinate with this index.',
    hint:
      'Use an index from 1 to the dimension. If the index of a sum goes beyond the dimension, tighten the bounds of ' +
      'the sum.',
  },
  'bounds-not-integer': {
    means: 'A bound of a sum or product is not an integer.',
    hint: 'Write an integer, `d` for the dimension, or an expression that contains only integers and `d`.',
  },
  'bounds-not-constant': {
    means: 'A bound of a sum or product depends on something that changes from step to step.',
    hint: 'Use bounds that are known before any trial runs.',
  },
  'too-many-terms': {
    means: `A sum or product has more than ${limits.terms} terms.`,
    hint: 'Write fewer terms.',
  },
  'too-many-operations': {
    means: `One evaluation takes more than ${limits.operations} operations. Nested sums multiply the count.`,
    hint: 'Nest fewer sums, or tighten the bounds of the sums.',
  },
  'too-many-nodes': {
    means: `The expression has more than ${limits.nodes} numbers, names and operators.`,
    hint: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  'too-deep': {
    means: `Parentheses, calls, signs and powers are nested more than ${limits.nesting} levels deep.`,
    hint: 'Nest the expression less deeply. Where possible, define parts of it under `let`.',
  },
  'too-many-parts': {
    means: 'Simplifying the derivative of the expression takes too many steps.',
    hint: 'Simplify long products and powers of sums, or write them with `sum` and `prod`.',
  },
  'too-large': {
    means: `The expression has more than ${limits.derivedNodes} parts after it is differentiated or rewritten.`,
    hint: 'Use fewer factors or fewer coordinates.',
  },
} satisfies Meanings<typeof FormulaError>
