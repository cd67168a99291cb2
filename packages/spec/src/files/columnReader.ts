import type { Path } from '../document/value.ts'
import { separatorHint } from '../words/numberHint.ts'

export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/**
 * How files mark a missing value: an empty field, and the spellings of R, NumPy, pandas, SQL and the UCI repository.
 */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)

export type CsvColumn = Numbers | Words
interface Numbers {
  readonly kind: 'numbers'
  /** Missing values are replaced by the mean of the other values. */
  readonly values: readonly number[]
  /** Null if no value was missing. */
  readonly filled: { readonly count: number; readonly value: number } | null
}
interface Words {
  readonly kind: 'words'
  readonly values: readonly string[]
}

export interface Wanted {
  readonly name: string
  /** Where the spec names the column. */
  readonly path: Path
  /** Whether words are allowed. */
  readonly words: boolean
  /** Whether all values are read as words, even if they look like numbers. */
  readonly categorical?: boolean
  /** Whether a missing value may be replaced by the mean. */
  readonly fills?: boolean
}

export interface ColumnFault {
  readonly reason: string
  readonly hint: string
  readonly value: string
  /** The line of the value; absent if it is the line that was just read. */
  readonly line?: number
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const notFinite = /^[+-]?(nan|inf|infinity)$/i

export const isNumber = (field: string): boolean => number.test(field)

/** Reads a column line by line. A column must have only numbers or only words. */
export class ColumnReader {
  readonly wanted: Wanted
  readonly index: number
  /** Number of dropped lines in which this column has no value. */
  missing = 0
  readonly #name: string
  #kind: CsvColumn['kind'] | null
  readonly #numbers: number[] = []
  readonly #words: string[] = []
  readonly #gaps: number[] = []
  /** The first word that looks like a number with separators, such as `1 000`. */
  #separated: { readonly line: number; readonly value: string } | null = null
  #firstGap: { readonly line: number; readonly value: string } | null = null

  constructor(wanted: Wanted, index: number) {
    this.wanted = wanted
    this.index = index
    this.#name = wanted.name
    this.#kind = wanted.categorical === true ? 'words' : null
  }

  take(field: string, line: number): ColumnFault | null {
    const isWord = this.wanted.categorical === true || (!isNumber(field) && !notFinite.test(field))
    if (isWord && !this.wanted.words)
      return this.#fault(field, 'is not a number', separatorHint(field) ?? 'write a finite number')
    if (isWord && this.wanted.categorical !== true && this.#separated === null && separatorHint(field) !== null)
      this.#separated = { line, value: field }
    if (this.#separated !== null && (this.#numbers.length > 0 || !isWord)) return this.#noNumber()
    if (this.#kind !== null && isWord !== (this.#kind === 'words')) {
      const hint =
        'a column must have only numbers or only words' +
        (this.wanted.words
          ? `; with \`categorical: [${this.#name}]\`, the numbers of this column are read as words`
          : '')
      return this.#fault(field, 'makes the column a mix of numbers and words', hint)
    }
    this.#kind = isWord ? 'words' : 'numbers'
    if (isWord) {
      this.#words.push(field)
      return null
    }
    const value = Number(field)
    if (!Number.isFinite(value))
      return this.#fault(field, 'is not finite', 'every value of a data set must be a finite number')
    this.#numbers.push(value)
    return null
  }

  takeMissing(field: string, way: MissingWay, line: number): ColumnFault | null {
    if (way !== 'mean') {
      const hint =
        '`missing: drop` beside `csv:` skips such lines; ' +
        `\`missing: mean\` fills missing values${this.wanted.fills === true ? '' : ' in numeric inputs'}`
      return this.#fault(field, 'is missing', hint)
    }
    if (this.wanted.fills !== true)
      return this.#fault(
        field,
        'is missing, and missing targets are never replaced by the mean',
        'use `missing: drop` to skip such lines',
      )
    this.#firstGap ??= { line, value: field }
    this.#gaps.push(this.#numbers.length)
    this.#numbers.push(0)
    return this.#kind === 'words' ? this.#noMean() : null
  }

  /** Call this after all lines have been read. */
  column(): CsvColumn | ColumnFault {
    if (this.#separated !== null) return this.#noNumber()
    const gap = this.#firstGap
    if (gap === null)
      return this.#kind === 'words'
        ? { kind: 'words', values: this.#words }
        : { kind: 'numbers', values: this.#numbers, filled: null }
    if (this.#kind === 'words') return this.#noMean()
    const count = this.#gaps.length
    if (this.#kind === null)
      return { ...this.#fault(gap.value, 'is missing in every line', 'remove the column'), line: gap.line }
    const gaps = new Set(this.#gaps)
    const sum = this.#numbers.reduce((sum, value, i) => (gaps.has(i) ? sum : sum + value), 0)
    const value = sum / (this.#numbers.length - count)
    if (!Number.isFinite(value))
      return {
        ...this.#fault(gap.value, 'is missing, and the mean of the other values is not finite', 'use `missing: drop`'),
        line: gap.line,
      }
    for (const i of this.#gaps) this.#numbers[i] = value
    return { kind: 'numbers', values: this.#numbers, filled: { count, value } }
  }

  /** Without this error, a column of numbers with separators would silently be read as words. */
  #noNumber(): ColumnFault {
    const { line, value } = this.#separated!
    const wayOut = `if the value is meant as a word, list the column in \`categorical: [${this.#name}]\``
    const hint = `${separatorHint(value)}; ${wayOut}`
    return { ...this.#fault(value, 'is not a number in this notation', hint), line }
  }

  #noMean(): ColumnFault {
    const { line, value } = this.#firstGap!
    const reason = 'is missing, and a column of words has no mean'
    return {
      ...this.#fault(value, reason, 'use `missing: drop` to skip such lines, or write a word for the missing value'),
      line,
    }
  }

  #fault(value: string, what: string, hint: string): ColumnFault {
    return { value, reason: `the value of column ${this.#name} ${what}`, hint }
  }
}
