import {
  build,
  type Expression,
  fold,
  isReserved,
  limits,
  nearestWord,
  operations,
  print,
  substitute,
} from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { collectEach, validOrNull } from '../mistakes.ts'
import { type KnownExpression, offsetOf } from './expressions.ts'
import type { Frame } from './frame.ts'
import {
  type Quantity,
  type QuantityPlace,
  type QuantityRefusal,
  type QuantityUse,
  quantityNamed,
  quantityNames,
  sinceMark,
} from './quantities.ts'

/** The names that a landscape defines. */
export interface LandscapeNames {
  /**
   * Coordinate names. Null: coordinates are x[1] .. x[dimension], d is the dimension, and in one dimension x stands for
   * x[1].
   */
  readonly variables: readonly string[] | null
  readonly dimension: number
  readonly parameters: ReadonlySet<string>
}

/** Names that an expression may use. */
export interface Vocabulary extends LandscapeNames {
  /** Names that keep their meaning, besides coordinates, parameters and the quantities of a trial. */
  readonly others: readonly string[]
  /** Null if the expression knows no quantities of a trial. */
  readonly use: QuantityUse | null
}

export interface Names {
  readonly letNames: readonly string[]
  letNumber(name: string): number | undefined
  readonly markNames?: readonly string[]
  /** Collects `parameter.NAME` for each parameter that an expression uses. */
  readonly reads?: Set<string>
}

/**
 * Returns the quantity that the name stands for; null if it is not a quantity, or if a name that the author defined
 * hides it.
 */
export function quantityIn(name: string, vocabulary: Vocabulary, names: Names): Quantity | null {
  const { variables, parameters, use } = vocabulary
  if (use === null || variables?.includes(name) || parameters.has(name)) return null
  const quantity = quantityNamed(name)
  return quantity === null || quantity.isReserved || names.letNumber(name) === undefined ? quantity : null
}

/** The names that an expression at this place of a trial may use. */
export function vocabularyAt(
  place: QuantityPlace,
  of: QuantityUse['of'] & { readonly vocabulary: LandscapeNames },
  hasQuench = false,
): Vocabulary {
  return { ...of.vocabulary, others: [], use: { place, of, hasQuench } }
}

/** Coordinates, parameters and quantities keep their names; `let` names and d are replaced by numbers. */
export function rewrite(known: KnownExpression, vocabulary: Vocabulary, names: Names, path: Path): string {
  const { variables, dimension, parameters, others, use } = vocabulary
  const replacements = new Map<string, Expression>()
  collectEach([...known.names], (name) => {
    if (parameters.has(name)) names.reads?.add(`parameter.${name}`)
    if (variables?.includes(name) || parameters.has(name) || others.includes(name)) return
    const quantity = quantityIn(name, vocabulary, names)
    const refusal = quantity === null ? null : (refusedMark(name, names, path) ?? quantity.refusal?.(use!) ?? null)
    if (quantity !== null && refusal === null) return
    if (refusal?.reason !== undefined)
      throw new Mistake('QUANTITY', path, { word: name, ...refusal }, offsetOf(name, known.text))
    if (variables === null && name === 'd') replacements.set(name, build.number(dimension))
    else if (variables === null && name === 'x' && dimension === 1)
      replacements.set(name, build.element('x', build.number(1)))
    else {
      const number = names.letNumber(name)
      if (number === undefined) throw unknownName(name, known, { ...vocabulary, letNames: names.letNames }, path)
      replacements.set(name, build.number(number))
    }
  })
  collectEach([...known.arrays], (name) => {
    if (variables !== null || name !== 'x')
      throw unknownName(name, known, { ...vocabulary, letNames: names.letNames }, path)
  })
  const expression = substitute(known.expression, replacements)
  checkIndices(expression, dimension, path, known.text)
  checkOperations(expression, dimension, path, known.text)
  return replacements.size === 0 ? known.printed : print(expression)
}

/** Like `rewrite`, for an expression that knows no landscape: only `words`, and names that stand for one number. */
export function rewriteNumbers(known: KnownExpression, frame: Frame, key: string, words: readonly string[]): string {
  const letNumber = (name: string) => frame.scope.named(name, { frame, key, text: known.text, besides: words })
  const vocabulary = { variables: [], dimension: 0, parameters: new Set<string>(), others: words, use: null }
  return rewrite(known, vocabulary, { letNames: [], letNumber }, frame.at(key))
}

/** `distance.since.MARK` needs a mark of the trial, other than the mark whose condition it is in. */
function refusedMark(name: string, { markNames = [] }: Names, path: Path): QuantityRefusal | null {
  const mark = sinceMark(name)
  if (mark === null) return null
  if (path[1] === 'marks' && path[2] === mark)
    return { reason: 'the mark would refer to itself', hint: 'use the distance since another mark, or `distance`' }
  if (markNames.includes(mark)) return null
  return {
    reason: `the trial has no mark ${mark}`,
    hint: `write \`marks: { ${mark}: CONDITION }\` under trial, or use one of its marks`,
  }
}

/** The check cannot be made earlier, because the length of sums over coordinates depends on the dimension. */
function checkOperations(expression: Expression, dimension: number, path: Path, value: string): void {
  const count = operations(expression)
  if (count <= limits.operations) return
  throw new Mistake('EXPRESSION', path, {
    value,
    reason:
      `one evaluation in dimension ${dimension} takes ${count} operations; at most ${limits.operations} ` +
      'are allowed',
    hint: 'use fewer coordinates, or fewer nested sums',
  })
}

interface Advice {
  readonly hint?: string | undefined
  readonly fix?: string
}

/** A hint for a name that other software or papers use for a coordinate or a quantity. */
function foreignName(word: string, coordinates: readonly string[], known: readonly string[]): Advice {
  const plain = word.toLowerCase()
  if (/^(theta|w|weights|params|x|position|state)$/.test(plain))
    return { hint: `the coordinates are ${coordinates.join(', ')}` }
  if (/^(pi|inf|true|false|nan)$/.test(plain))
    return plain === 'pi'
      ? { hint: 'write pi', fix: 'pi' }
      : { hint: 'numbers are always finite; write a condition such as "x >= 0"' }
  const meant = known.find((name) => quantityNamed(name)?.foreign?.test(plain))
  return meant === undefined ? {} : { hint: `did you mean ${meant}?`, fix: meant }
}

function parameterHint(word: string, names: readonly string[]): string {
  return `known: ${names.slice(0, 20).join(', ')}; define your own numbers under parameters: { ${word}: 1 }`
}

function indexedName(word: string, variables: readonly string[] | null, dimension: number): Advice | undefined {
  const index = Number(/^(?:x|theta|w)_?(\d+)$/.exec(word)?.[1] ?? Number.NaN)
  if (variables !== null || !(index <= dimension)) return undefined
  return index === 0
    ? { hint: `write x[1]: the coordinates are x[1] to x[${dimension}]` }
    : { hint: `write x[${index}]`, fix: `x[${index}]` }
}

function unknownName(
  word: string,
  known: KnownExpression,
  { variables, dimension, parameters, others, use, letNames }: Vocabulary & Pick<Names, 'letNames'>,
  path: Path,
): Mistake {
  const coordinates = variables ?? [dimension === 1 ? 'x' : 'x[1]']
  const usable = use === null ? [] : quantityNames.filter((name) => !name.includes('.') && isUsable(name, use))
  const names = [...coordinates, ...parameters, ...usable, ...others, ...letNames]
  const refusal = use === null ? null : quantityNamed(word)?.refusal?.(use)
  const advice: Advice = coordinates.includes(word)
    ? { hint: `${word} is a single number here: write it without an index` }
    : word === 'x' && variables === null
      ? { hint: `write x[1] to x[${dimension}]` }
      : refusal?.hint
        ? { hint: refusal.hint }
        : (indexedName(word, variables, dimension) ?? foreignName(word, coordinates, [...usable, ...others]))
  const better =
    advice.hint ??
    (path.includes('formula') && nearestWord(word, names) === undefined ? parameterHint(word, names) : undefined)
  const details = { word, value: known.text, known: names, ...advice, hint: better }
  return new Mistake('UNKNOWN_NAME', path, details, offsetOf(word, known.text))
}

function isUsable(name: string, use: QuantityUse): boolean {
  return validOrNull(() => quantityNamed(name)?.refusal?.(use) ?? 'usable') === 'usable'
}

const meaningful: readonly string[] = [...quantityNames.filter((name) => quantityNamed(name)?.isReserved), 'n']

export function checkName(name: string, path: Path, taken: ReadonlyMap<string, string>): void {
  const meaning = isReserved(name)
    ? 'it is a function or constant of the grammar'
    : meaningful.includes(name)
      ? 'it already has a meaning in conditions and schedules'
      : taken.get(name)
  if (meaning !== undefined) throw new Mistake('NAME_REFUSED', path, { value: name, reason: meaning }, 'key')
}

export function checkLetNames({ letNames }: Pick<Names, 'letNames'>, taken: ReadonlyMap<string, string>): void {
  collectEach(letNames, (name) => checkName(name, ['let', name], taken))
}

export function checkLabel(name: string, path: Path, used: readonly string[]): void {
  if (used.includes(name))
    throw new Mistake('NAME_REFUSED', path, { value: name, reason: 'it already has a meaning in results' }, 'key')
}

export function checkCount(count: number, limit: number, what: string, path: Path): void {
  if (count > limit) throw new Mistake('TOO_MANY_NAMES', path, { value: count, limit: `${limit} ${what}` })
}

/** Names that have a meaning in every landscape whose coordinates are not named. */
export const reservedNames = [
  ['x', 'it stands for the coordinates'],
  ['d', 'it stands for the dimension'],
] as const

type Interval = readonly [low: number, high: number]
type Bounds = ReadonlyMap<string, Interval>

/**
 * Refuses an index whose value may be outside 1 .. dimension, and a sum whose bounds are not constant. If a name occurs
 * twice in an index, as in x[i-i+1], the computed interval may be too wide, and a valid index may be refused.
 */
function checkIndices(root: Expression, dimension: number, path: Path, text: string): void {
  const refusal = (reason: string, hint?: string) =>
    new Mistake('INDEX_OUT_OF_RANGE', path, { value: text, reason, limit: `${dimension}`, hint })
  const check = (e: Expression, bounds: Bounds): void => {
    fold<true>(
      e,
      (node) => {
        if (node.kind !== 'element') return true
        const range = intervalOf(node.index, bounds)
        if (range === null)
          throw refusal('an index may contain only integers, index names of sums, and the operators +, - and *')
        const [low, high] = range
        if (low >= 1 && high <= dimension) return true
        throw refusal(low === high ? `there is no x[${low}]` : `the index runs from ${low} to ${high}`)
      },
      {
        enter: (node) => {
          if (node.kind !== 'reduce') return undefined
          const from = intervalOf(node.from, bounds)
          const to = intervalOf(node.to, bounds)
          if (from === null || to === null || from[0] !== from[1] || to[0] !== to[1]) {
            const reason = `the bounds of ${node.operator} are not constant integers`
            throw refusal(
              reason,
              'bounds may contain integers, d, names from `let`, and the operators +, - and *, but not the index of ' +
                'another sum',
            )
          }
          if (from[0] <= to[0]) check(node.body, new Map([...bounds, [node.index, [from[0], to[0]]]]))
          return true
        },
      },
    )
  }
  check(root, new Map())
}

function intervalOf(index: Expression, bounds: Bounds): Interval | null {
  return fold<Interval | null>(index, (e, [left, right]) => {
    if (e.kind === 'number') return Number.isInteger(e.value) ? [e.value, e.value] : null
    if (e.kind === 'name') return bounds.get(e.name) ?? null
    if (e.kind === 'negate') return left ? [-left[1], -left[0]] : null
    if (e.kind !== 'binary' || !left || !right) return null
    if (e.operator === '+') return [left[0] + right[0], left[1] + right[1]]
    if (e.operator === '-') return [left[0] - right[1], left[1] - right[0]]
    if (e.operator !== '*') return null
    const products = [left[0] * right[0], left[0] * right[1], left[1] * right[0], left[1] * right[1]]
    return [Math.min(...products), Math.max(...products)]
  })
}
