import { build, type Expression, limits, nearestWord, operations, print, substitute } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { collectEach } from '../mistakes.ts'
import { type KnownExpression, offsetOf } from './expressions.ts'
import { checkIndices } from './indices.ts'

/** Names that the expressions of a landscape and of its events may use. */
export interface Vocabulary {
  /**
   * Coordinate names. Null: coordinates are x[1] .. x[dimension], d is the dimension, and in one dimension x stands for
   * x[1].
   */
  readonly variables: readonly string[] | null
  readonly dimension: number
  readonly parameters: ReadonlySet<string>
  readonly quantities: readonly string[]
}

export const eventQuantities = ['loss', 'gradnorm', 'distance', 'step'] as const

/** The loss at the end of the quench; known in `classify` only. */
export const quenchQuantity = 'quenchloss'

export interface Names {
  readonly letNames: readonly string[]
  letNumber(name: string): number | undefined
  /** Collects `parameter.NAME` for each parameter that an expression uses. */
  readonly reads?: Set<string>
}

/** Coordinates, parameters and quantities keep their names; `let` names and d are replaced by numbers. */
export function rewrite(known: KnownExpression, vocabulary: Vocabulary, names: Names, path: Path): string {
  const { variables, dimension, parameters, quantities } = vocabulary
  const replacements = new Map<string, Expression>()
  collectEach([...known.names], (name) => {
    if (parameters.has(name)) names.reads?.add(`parameter.${name}`)
    if (variables?.includes(name) || parameters.has(name) || quantities.includes(name)) return
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

/** A hint for a name that other software or papers use for a coordinate or a quantity. */
function foreignName(word: string, coordinates: readonly string[], quantities: readonly string[]): string | undefined {
  const plain = word.toLowerCase()
  if (/^(theta|w|weights|params|x|position|state)$/.test(plain)) return `the coordinates are ${coordinates.join(', ')}`
  if (/^(pi|inf|true|false|nan)$/.test(plain))
    return plain === 'pi' ? 'write pi' : 'numbers are always finite; write a condition such as "x >= 0"'
  const meant = /^(t|n|i|iter|iteration|epoch|time)$/.test(plain)
    ? 'step'
    : /^(l|f|energy|cost|objective)$/.test(plain)
      ? 'loss'
      : /^(g|grad|gradient|grad_norm|gradient_norm)$/.test(plain)
        ? 'gradnorm'
        : /^(dist|r|radius)$/.test(plain)
          ? 'distance'
          : undefined
  return meant !== undefined && quantities.includes(meant) ? `did you mean ${meant}?` : undefined
}

function parameterHint(word: string, names: readonly string[]): string {
  return `known: ${names.slice(0, 20).join(', ')}; define your own numbers under parameters: { ${word}: 1 }`
}

function indexedName(word: string, variables: readonly string[] | null, dimension: number): string | undefined {
  const index = Number(/^(?:x|theta|w)_?(\d+)$/.exec(word)?.[1] ?? Number.NaN)
  if (variables !== null || !(index <= dimension)) return undefined
  return index === 0 ? `write x[1]: the coordinates are x[1] to x[${dimension}]` : `write x[${index}]`
}

function unknownName(
  word: string,
  known: KnownExpression,
  { variables, dimension, parameters, quantities, letNames }: Vocabulary & Pick<Names, 'letNames'>,
  path: Path,
): Mistake {
  const coordinates = variables ?? [dimension === 1 ? 'x' : 'x[1]']
  const names = [...coordinates, ...parameters, ...quantities, ...letNames]
  const hint = coordinates.includes(word)
    ? `${word} is a single number here: write it without an index`
    : word === 'x' && variables === null
      ? `write x[1] to x[${dimension}]`
      : word === quenchQuantity
        ? 'it can be used only in `classify`, in a trial with a quench'
        : (indexedName(word, variables, dimension) ?? foreignName(word, coordinates, quantities))
  const better =
    hint ??
    (path.includes('formula') && nearestWord(word, names) === undefined ? parameterHint(word, names) : undefined)
  const details = { word, value: known.text, known: names, ...(better === undefined ? {} : { hint: better }) }
  return new Mistake('UNKNOWN_NAME', path, details, offsetOf(word, known.text))
}
