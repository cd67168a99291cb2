import {
  countNodes,
  type Expression,
  FormulaError,
  freeNames,
  isBoolean,
  parseCondition,
  parseNumber,
  print,
} from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'

/** A parsed text with all that is asked of it again and again. */
export interface KnownExpression {
  readonly text: string
  readonly expression: Expression
  readonly names: ReadonlySet<string>
  readonly arrays: ReadonlySet<string>
  /** Canonical print. */
  readonly printed: string
}

/** More texts than any plain spec has; a sweep over a million texts must not keep them all. */
const kept = 1000

/** Parses each text once, whatever number of cells it stands in. */
export class Expressions {
  readonly #known = new Map<string, KnownExpression>()

  /** `text` from `offset` on is an expression of a number. */
  number(text: string, path: Path, offset = 0): KnownExpression {
    return this.#of(text, path, offset, parseNumber)
  }

  condition(text: string, path: Path): KnownExpression {
    return this.#of(text, path, 0, parseCondition)
  }

  #of(text: string, path: Path, offset: number, parse: (text: string) => Expression): KnownExpression {
    const known = this.#known.get(text)
    if (known !== undefined && isBoolean(known.expression) === (parse === parseCondition)) return known
    const parsed = read(text, path, offset, parse)
    if (this.#known.size >= kept) this.#known.clear()
    this.#known.set(text, parsed)
    return parsed
  }
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
    const details = { value: text, reason: error.message, ...(error.hint === null ? {} : { hint: error.hint }) }
    throw new Mistake('EXPRESSION', path, details, offset + error.offset)
  }
}

function tooLarge(path: Path): Mistake {
  return new Mistake('EXPRESSION_TOO_LARGE', path, { limit: `${limits.nodes}` })
}

/** Where `name` first stands in `text` as a word of its own; 0 if it does not. */
export function offsetOf(name: string, text: string): number {
  const match = new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`).exec(text)
  return match?.index ?? 0
}
