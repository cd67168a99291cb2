import {
  countNodes,
  type Expression,
  FormulaError,
  fold,
  freeNames,
  parseCondition,
  parseNumber,
  print,
} from '@driftfarm/formula'
import { cached } from '../cached.ts'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { unclosedHint } from '../words/flowStyle.ts'

export interface KnownExpression {
  readonly text: string
  readonly expression: Expression
  readonly names: ReadonlySet<string>
  readonly arrays: ReadonlySet<string>
  /** The expression as canonical text. */
  readonly printed: string
}

/** Limits the memory that a sweep over a million texts takes. */
const maxCached = 1000

type Reader = (text: string, path: Path) => KnownExpression

const reader = (parse: (text: string) => Expression): Reader =>
  cached(maxCached, (text, path) => read(text, path, 0, parse))

/** Parses each text once, however many cells contain it. */
export class Expressions {
  /** An expression whose value the kernel computes. */
  readonly formula = reader((text) => parseNumber(text))

  /** An expression of a custom rule, which may also use the function `sign`. */
  readonly rule = reader((text) => parseNumber(text, { rule: true }))

  /** The text "= expression" of a number that is computed while the spec is read. */
  readonly number: Reader = cached(maxCached, (text, path) => {
    const known = read(text, path, text.indexOf('=') + 1, (text) => parseNumber(text))
    return withoutSums(known, path)
  })

  readonly condition = reader(parseCondition)

  /** A condition that selects cells and is tested while the spec is read. */
  filter(text: string, path: Path): KnownExpression {
    return withoutSums(this.condition(text, path), path)
  }
}

/** Refuses sums, since they may be arbitrarily long and reading a spec must stay fast. */
function withoutSums(known: KnownExpression, path: Path): KnownExpression {
  const hasSum = fold<boolean>(known.expression, (e, parts) => e.kind === 'reduce' || parts.includes(true))
  if (!hasSum) return known
  const hint = 'sums are allowed only in landscapes and their events'
  throw new Mistake('EXPRESSION', path, { value: known.text, reason: 'sums are not allowed here', hint })
}

function read(text: string, path: Path, offset: number, parse: (text: string) => Expression): KnownExpression {
  try {
    const expression = parse(text.slice(offset))
    if (countNodes(expression) > limits.nodes) throw tooLarge(path)
    const { names, arrays } = freeNames(expression)
    return { text, expression, names, arrays, printed: print(expression) }
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    if (error.code === 'too-many-nodes') throw tooLarge(path)
    if (error.code === 'number-for-condition') throw new Mistake('NOT_A_CONDITION', path, { value: text })
    if (error.code === 'condition-for-number') throw new Mistake('NOT_A_NUMBER', path, { value: text })
    // A call without a closing parenthesis: YAML may have ended the text at a comma between its arguments.
    const isCall = error.code === 'unclosed-parenthesis' && /\w$/.test(text.slice(0, offset + error.offset))
    const torn = isCall ? `; ${unclosedHint}` : ''
    const hint = error.hint === null ? {} : { hint: `${error.hint}${torn}` }
    const details = { value: text, reason: error.message, ...hint }
    throw new Mistake('EXPRESSION', path, details, offset + error.offset)
  }
}

function tooLarge(path: Path): Mistake {
  return new Mistake('EXPRESSION_TOO_LARGE', path, { limit: `${limits.nodes} nodes per expression` })
}

/** Offset of the first occurrence of `name` in `text` as a whole word; 0 if there is none. */
export function offsetOf(name: string, text: string): number {
  const match = new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`).exec(text)
  return match?.index ?? 0
}
