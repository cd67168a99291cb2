import { checkIndices } from './checkIndices.ts'
import { FormulaError, quote, type Span } from './errors.ts'
import type { Expression } from './expression.ts'
import { freeNames } from './freeNames.ts'
import { nextToken } from './lexer.ts'
import { nearestWord } from './nearestWord.ts'
import { checkOperations } from './operations.ts'

/** What an expression may speak of. */
export interface Known {
  readonly names: Iterable<string>
  /** Lists and their lengths; a length of Infinity is one that is not known. */
  readonly arrays: ReadonlyMap<string, number>
}

/**
 * Throws FormulaError ("did you mean") for a name that is not known, for a list without an index, and for a literal
 * index beyond a list's length, which includes x[i + 1] in a sum whose literal bounds lead out of the list; and for
 * nested sums that would take too long to evaluate once. Check after names such as a dimension are numbers.
 * `text` is what was parsed: with it the error says where.
 */
export function checkNames(e: Expression, { names: known, arrays }: Known, text = ''): void {
  const names = new Set(known)
  const free = freeNames(e)
  for (const name of free.names) {
    if (!names.has(name)) throw unknownName(name, names, arrays.has(name), false, placeOf(name, text))
  }
  for (const name of free.arrays) {
    if (!arrays.has(name)) throw unknownName(name, arrays.keys(), names.has(name), true, placeOf(name, text))
  }
  checkIndices(e, arrays, (name) => placeOf(name, text))
  checkOperations(e)
}

/**
 * The error for a name that stands for nothing: a number where a list is wanted, a list where a number is, or neither.
 */
export function unknownName(
  name: string,
  candidates: Iterable<string>,
  isOtherKind: boolean,
  isIndexed: boolean,
  span?: Span,
): FormulaError {
  const quoted = quote(name)
  if (isOtherKind && isIndexed) return new FormulaError('not-a-list', [quoted], span, `write ${name}`)
  if (isOtherKind) return new FormulaError('not-indexed', [quoted], span, `write ${name}[1], or ${name}[i] in a sum`)
  const list = [...candidates]
  const near = nearestWord(name, list)
  const shown = list.slice(0, 20).map((word) => (isIndexed ? `${word}[...]` : word))
  const all =
    list.length === 0 ? 'no names are known here' : `known here: ${shown.join(', ')}${list.length > 20 ? ', ...' : ''}`
  return new FormulaError('unknown-name', [quoted], span, near === undefined ? all : `did you mean ${near}?`)
}

/** The first place where the name stands alone in the text. */
function placeOf(name: string, text: string): Span | undefined {
  try {
    for (let token = nextToken(text, 0); token.kind !== 'end'; token = nextToken(text, token.offset + token.length)) {
      if (token.kind === 'name' && token.text === name) return { offset: token.offset, length: token.length }
    }
  } catch (error) {
    // A text that does not parse is not the one the expression came from: no place then.
    if (!(error instanceof FormulaError)) throw error
  }
  return undefined
}
