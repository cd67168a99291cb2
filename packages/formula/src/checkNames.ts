import { checkIndices } from './checkIndices.ts'
import { FormulaError, quote, type Span } from './errors.ts'
import type { Expression } from './expression.ts'
import { nextToken } from './lexer.ts'
import { nearestWord } from './nearestWord.ts'
import { checkOperations } from './operations.ts'
import { freeNames } from './substitute.ts'

/** The names and lists that an expression may use. */
export interface Known {
  readonly names: Iterable<string>
  /** Lists and their lengths; Infinity for a list whose length is not known. */
  readonly arrays: ReadonlyMap<string, number>
}

/**
 * Throws FormulaError for an unknown name (with a "did you mean" hint), a list without an index, and an index beyond
 * the length of its list. Nested sums that would take too long to evaluate even once are errors too. Indices are
 * checked if they are literals, or if they depend on the index of a sum with literal bounds, as in x[i + 1]. Call
 * this function after names such as the dimension have been replaced by numbers. Errors show where a name is in `text`,
 * from which the expression was parsed.
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
    list.length === 0
      ? 'no names are defined here'
      : `known names: ${shown.join(', ')}${list.length > 20 ? ', ...' : ''}`
  return new FormulaError('unknown-name', [quoted], span, near === undefined ? all : `did you mean ${near}?`)
}

function placeOf(name: string, text: string): Span | undefined {
  try {
    for (let token = nextToken(text, 0); token.kind !== 'end'; token = nextToken(text, token.offset + token.length)) {
      if (token.kind === 'name' && token.text === name) return { offset: token.offset, length: token.length }
    }
  } catch (error) {
    // If `text` cannot be split into tokens, the expression was not parsed from it, so no place can be shown.
    if (!(error instanceof FormulaError)) throw error
  }
  return undefined
}
