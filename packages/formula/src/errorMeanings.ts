import type { Meanings } from './codedError.ts'
import type { FormulaError } from './errors.ts'
import { limits } from './limits.ts'

/** What the codes of an expression mean to whoever wrote it. */
export const formulaMeanings = {
  empty: {
    means: 'The expression has no characters besides spaces.',
    mend: 'Write an expression, or leave its key out.',
  },
  'unexpected-character': {
    means: 'A character stands in the expression that no expression has, such as a typographic quote or `$`.',
    mend: 'Take the character out. Operators are `+ - * / ^`, comparisons, `&&`, `||` and `!`.',
  },
  'unknown-operator': {
    means: 'A run of operator characters is no operator, such as `**` or `=>`.',
    mend: 'Use `^` for powers, and `<`, `<=`, `>`, `>=`, `==`, `!=` to compare.',
  },
  'malformed-number': {
    means: 'A word begins like a number and is none, such as `1.2.3` or `2x`.',
    mend: 'Write the number as `12`, `0.5` or `1e-3`; to multiply, write `2*x`.',
  },
  'number-not-finite': {
    means: 'A number is larger than the largest double, which is about 1.8e308.',
    mend: 'Write a smaller number.',
  },
  'unexpected-token': {
    means: 'Something stands where the grammar needs another thing. The message names both.',
    mend: 'Read the expression up to the named place, and put there what is expected.',
  },
  'unexpected-end': {
    means: 'The expression ends in the middle: an operator has no right side.',
    mend: 'Write what is expected at the end.',
  },
  'unclosed-parenthesis': {
    means: 'A parenthesis, or a bracket of an index, is opened and never closed.',
    mend: 'Close it. The named place is where it was opened.',
  },
  'unopened-parenthesis': {
    means: 'A parenthesis, or a bracket, is closed that was never opened.',
    mend: 'Take it out, or open it further left.',
  },
  'missing-operator': {
    means: 'Two values stand side by side without an operator, as in `x y`.',
    mend: 'Write the operator: `x*y`. A name holds no space.',
  },
  'assignment-for-comparison': {
    means: 'A single `=` stands in a condition.',
    mend: 'Write `==` to compare.',
  },
  'assignment-for-number': {
    means: 'An equation, such as `L = x^2`, stands where a number is needed.',
    mend: 'Write only what stands to the right of the `=`.',
  },
  'chained-comparison': {
    means: 'Two comparisons are chained, as in `0 < x < 1`.',
    mend: 'Join them: `0 < x && x < 1`.',
  },
  'unknown-function': {
    means: 'A function is called that expressions do not have.',
    mend: 'Use one that the hint names. The reference of specs lists all functions.',
  },
  'unknown-name': {
    means: 'A name is used that has no meaning at this place.',
    mend: 'Correct the name to one that the hint lists, or define it (`let`, `parameters`).',
  },
  'reserved-name': {
    means: 'A word of the grammar, such as `sum` or `exp`, is used as a name of your own.',
    mend: 'Choose another name.',
  },
  'function-without-arguments': {
    means: 'The name of a function stands without its arguments.',
    mend: 'Write the arguments in parentheses: `exp(x)`.',
  },
  'wrong-argument-count': {
    means: 'A function has more or fewer arguments than it takes. The message has both numbers.',
    mend: 'Give it as many as it takes.',
  },
  'not-a-name': {
    means: 'The first argument of a sum or product, its index, is no plain name.',
    mend: 'Write it as in `sum(i, 1, d, x[i]^2)`.',
  },
  'not-indexed': {
    means: 'A list of coordinates is used as if it were one number.',
    mend: 'Name one coordinate by its index, as in `x[1]`.',
  },
  'not-a-list': {
    means: 'A single number is used with an index.',
    mend: 'Leave the index out.',
  },
  'condition-for-number': {
    means: 'A condition, such as `x > 0`, stands where a number is needed.',
    mend: 'Leave the comparison out.',
  },
  'number-for-condition': {
    means: 'A number stands where a condition is needed.',
    mend: 'Compare it with another number, as in `x > 0`.',
  },
  'index-not-integer': {
    means: 'The index of a coordinate is not an integer.',
    mend: 'Write an integer, or an expression over integers and indices of sums.',
  },
  'index-out-of-range': {
    means: 'There is no coordinate with this index.',
    mend: 'Use an index from 1 to the dimension; shorten the bounds of a sum that goes beyond it.',
  },
  'bounds-not-integer': {
    means: 'A bound of a sum or product is not an integer.',
    mend: 'Write integers, `d` for the dimension, or an expression over them.',
  },
  'bounds-not-constant': {
    means: 'A bound of a sum or product depends on something that changes from step to step.',
    mend: 'Write bounds that are known before any trial runs.',
  },
  'too-many-terms': {
    means: `A sum or product has more than ${limits.terms} terms.`,
    mend: 'Write fewer terms.',
  },
  'too-many-operations': {
    means: `One evaluation of the expression takes more than ${limits.operations} operations; nested sums multiply.`,
    mend: 'Nest fewer sums, or make their bounds shorter.',
  },
  'too-many-nodes': {
    means: `The expression has more than ${limits.nodes} numbers, names and operators together.`,
    mend: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  'too-deep': {
    means: `Parentheses, calls, signs and powers are nested more than ${limits.nesting} levels deep.`,
    mend: 'Give parts of the expression names of their own, where `let` is possible, or write it flatter.',
  },
  'too-many-parts': {
    means: 'The derivative of the expression grows too long while it is simplified.',
    mend: 'Write long products and powers of sums more simply, or with `sum` and `prod`.',
  },
  'too-large': {
    means: `The expression has more than ${limits.derivedNodes} parts once it is derived or put in another form.`,
    mend: 'Write fewer factors, or take fewer coordinates.',
  },
} satisfies Meanings<typeof FormulaError>
