import { FormulaError, quote, type Span } from './errors.ts'
import type { Expression } from './expression.ts'
import { fold } from './fold.ts'
import { limits } from './limits.ts'
import { simplify } from './simplify.ts'

type Reduce = Extract<Expression, { kind: 'reduce' }>

type Element = Extract<Expression, { kind: 'element' }>
/** The first and the last value of each index whose bounds are literals. */
type Bounds = ReadonlyMap<string, readonly [number, number]>

/** Throws FormulaError for an index that is certainly outside its list. */
export function checkIndices(
  root: Expression,
  lengths: ReadonlyMap<string, number>,
  placeOf: (name: string) => Span | undefined,
): void {
  const check = (e: Expression, bounds: Bounds): void => {
    fold<true>(
      e,
      (node) => {
        if (node.kind === 'element') checkElement(node, bounds, lengths, placeOf)
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

function withBounds(e: Reduce, outer: Bounds): Map<string, readonly [number, number]> {
  const inner = new Map(outer)
  inner.delete(e.index)
  const from = simplify(e.from)
  const to = simplify(e.to)
  if (from.kind === 'number' && to.kind === 'number' && from.value <= to.value) {
    inner.set(e.index, [from.value, to.value])
  }
  return inner
}

function checkElement(
  e: Element,
  bounds: Bounds,
  lengths: ReadonlyMap<string, number>,
  placeOf: (name: string) => Span | undefined,
): void {
  const known = lengths.get(e.name)
  const length = known === Number.POSITIVE_INFINITY ? undefined : known
  const wrong = reached(simplify(e.index), bounds).find((value) => !isIndex(value, length))
  if (wrong !== undefined) checkIndex(wrong, e.name, placeOf(e.name), length)
}

/**
 * The smallest and the largest value of an index such as 3, i, i + 1 or 9 - i, where i is the index of a sum or product
 * with literal bounds. Empty for an index of any other form, because its range is not computed.
 */
function reached(index: Expression, bounds: Bounds): readonly number[] {
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
