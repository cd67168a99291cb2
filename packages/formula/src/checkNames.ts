import { FormulaError, quote, type Span } from './errors.ts'
import type { Expression } from './expression.ts'
import { nextToken } from './lexer.ts'
import { nearestWord } from './nearestWord.ts'
import { freeNames } from './substitute.ts'

/**
 * Throws FormulaError for a name that is not in `known` (with a "did you mean" hint), and for a name with an index.
 * Errors show where the name is in `text`, from which the expression was parsed.
 */
export function checkNames(e: Expression, known: Iterable<string>, text = ''): void {
  const names = new Set(known)
  const free = freeNames(e)
  for (const name of free.names) if (!names.has(name)) throw unknownName(name, names, false, false, placeOf(name, text))
  for (const name of free.arrays) throw unknownName(name, [], names.has(name), true, placeOf(name, text))
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
