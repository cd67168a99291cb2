import { checkIndex } from './bounds.ts'
import { FormulaError, quote, type Span } from './errors.ts'
import type { Expression } from './expression.ts'
import { fold } from './fold.ts'
import { freeNames } from './free-names.ts'
import { nextToken } from './lexer.ts'
import { nearestWord } from './nearest-word.ts'
import { simplify } from './simplify.ts'

/** What an expression may speak of. */
export interface Known {
  readonly names: Iterable<string>
  /** Lists and their lengths; a length of Infinity is one that is not known. */
  readonly arrays: ReadonlyMap<string, number>
}

/**
 * Throws FormulaError ("did you mean") for a name that is not known, for a list without an index, and for a literal
 * index beyond a list's length, which includes x[i + 1] in a sum whose literal bounds lead out of the list.
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
  checkIndices(e, arrays, text)
}

/** The error for a name that stands for nothing: a number where a list is wanted, a list where a number is, or neither. */
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

type Reduce = Extract<Expression, { kind: 'reduce' }>

function checkIndices(root: Expression, arrays: ReadonlyMap<string, number>, text: string): void {
  const check = (e: Expression, bounds: ReadonlyMap<string, readonly [number, number]>): void => {
    fold<true>(
      e,
      (node) => {
        if (node.kind === 'element') checkElement(node, bounds, arrays, placeOf(node.name, text))
        return true
      },
      {
        enter: (node) => {
          if (node.kind !== 'reduce') return undefined
          check(node.from, bounds)
          check(node.to, bounds)
          check(node.body, withBounds(node, bounds))
          return true
        },
      },
    )
  }
  check(root, new Map())
}

function withBounds(
  e: Reduce,
  outer: ReadonlyMap<string, readonly [number, number]>,
): Map<string, readonly [number, number]> {
  const inner = new Map(outer)
  inner.delete(e.index)
  const from = simplify(e.from)
  const to = simplify(e.to)
  if (from.kind === 'number' && to.kind === 'number' && from.value <= to.value) {
    inner.set(e.index, [from.value, to.value])
  }
  return inner
}

type Element = Extract<Expression, { kind: 'element' }>

function checkElement(
  e: Element,
  bounds: ReadonlyMap<string, readonly [number, number]>,
  arrays: ReadonlyMap<string, number>,
  span: Span | undefined,
): void {
  const known = arrays.get(e.name)
  const length = known === undefined || known === Infinity ? undefined : known
  const index = simplify(e.index)
  for (const value of reached(index, bounds)) checkIndex(value, e.name, span, length)
}

/** The extreme values of a literal, i, i + c or i - c; nothing for another index, whose range is not so easily known. */
function reached(index: Expression, bounds: ReadonlyMap<string, readonly [number, number]>): readonly number[] {
  if (index.kind === 'number') return [index.value]
  if (index.kind === 'name') return bounds.get(index.name) ?? []
  if (index.kind !== 'binary' || (index.operator !== '+' && index.operator !== '-')) return []
  const { left, right, operator } = index
  if (right.kind === 'number') {
    const shift = operator === '+' ? right.value : -right.value
    return reached(left, bounds).map((value) => value + shift)
  }
  if (left.kind === 'number' && right.kind === 'name') {
    return reached(right, bounds).map((value) => left.value + (operator === '+' ? value : -value))
  }
  return []
}
