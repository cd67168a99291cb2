import type { Path } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import type { Details } from '../errorWords.ts'
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

/** A field of a column. */
interface Entry {
  readonly field: string
  readonly line: number
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const notFinite = /^[+-]?(nan|inf|infinity)$/i

export const isNumber = (field: string): boolean => number.test(field)

/**
 * Reads a column, which must have only numbers or only words. `mistake` makes the mistake for a line of the file.
 * Entries can be missing unless lines with missing values are dropped.
 */
export function readColumn(
  { name, words, categorical = false, fills = false }: Wanted,
  entries: readonly Entry[],
  way: MissingWay,
  mistake: (line: number, details: Details) => Mistake,
): CsvColumn {
  const fault = ({ field, line }: Entry, what: string, hint: string): Mistake =>
    mistake(line, { value: field, reason: `the value of column ${name} ${what}`, hint })
  const isWord = (field: string) => categorical || (!isNumber(field) && !notFinite.test(field))
  const gaps = entries.filter(({ field }) => isMissing(field))
  const given = entries.filter(({ field }) => !isMissing(field))
  // Otherwise, a column of numbers with separators, such as `1 000`, would silently be read as words.
  const separated = categorical || !words ? undefined : given.find(({ field }) => separatorHint(field) !== null)
  if (separated !== undefined) {
    const wayOut = `if the value is meant as a word, list the column in \`categorical: [${name}]\``
    throw fault(separated, 'is not a number in this notation', `${separatorHint(separated.field)}; ${wayOut}`)
  }
  const isOfWords = given.length > 0 && isWord(given[0]!.field)
  for (const entry of entries) {
    const { field } = entry
    if (isMissing(field)) {
      if (way !== 'mean') {
        const inputs = fills ? '' : ' in numeric inputs'
        const hint = '`missing: drop` beside `csv:` skips such lines; `missing: mean` fills missing values'
        throw fault(entry, 'is missing', `${hint}${inputs}`)
      }
      const drop = 'use `missing: drop` to skip such lines'
      if (!fills) throw fault(entry, 'is missing, and missing targets are never replaced by the mean', drop)
      if (isOfWords) {
        const hint = `${drop}, or write a word for the missing value`
        throw fault(entry, 'is missing, and a column of words has no mean', hint)
      }
    } else if (isWord(field) && !words)
      throw fault(entry, 'is not a number', separatorHint(field) ?? 'write a finite number')
    else if (isWord(field) !== isOfWords) {
      const hint = 'a column must have only numbers or only words'
      const way = `with \`categorical: [${name}]\`, the numbers of this column are read as words`
      throw fault(entry, 'makes the column a mix of numbers and words', `${hint}; ${way}`)
    } else if (!isOfWords && !Number.isFinite(Number(field)))
      throw fault(entry, 'is not finite', 'every value of a data set must be a finite number')
  }
  if (isOfWords) return { kind: 'words', values: given.map(({ field }) => field) }
  if (gaps.length === 0) return { kind: 'numbers', values: given.map(({ field }) => Number(field)), filled: null }
  if (given.length === 0) throw fault(gaps[0]!, 'is missing in every line', 'remove the column')
  const mean = given.reduce((sum, { field }) => sum + Number(field), 0) / given.length
  if (!Number.isFinite(mean))
    throw fault(gaps[0]!, 'is missing, and the mean of the other values is not finite', 'use `missing: drop`')
  const values = entries.map(({ field }) => (isMissing(field) ? mean : Number(field)))
  return { kind: 'numbers', values, filled: { count: gaps.length, value: mean } }
}
