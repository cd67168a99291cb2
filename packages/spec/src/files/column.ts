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

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const notFinite = /^[+-]?(nan|inf|infinity)$/i

export const isNumber = (field: string): boolean => numeral.test(field)

/**
 * Reads a column, which must have only numbers or only words. `mistake` makes the mistake of the field with a given
 * index.
 */
export function readColumn(
  { name, words, categorical = false, fills = false }: Wanted,
  fields: readonly string[],
  way: MissingWay,
  mistake: (index: number, details: Details) => Mistake,
): CsvColumn {
  const fault = (index: number, what: string, hint: string): Mistake =>
    mistake(index, { value: fields[index], reason: `the value of column ${name} ${what}`, hint })
  const kinds = fields.map((field) => {
    if (isMissing(field)) return 'missing'
    return categorical || !(isNumber(field) || notFinite.test(field)) ? 'word' : 'number'
  })
  const kind = kinds.find((each) => each !== 'missing')
  // Otherwise, a column of numbers with separators, such as `1 000`, would silently be read as words.
  const separated =
    categorical || !words ? -1 : fields.findIndex((field, i) => kinds[i] === 'word' && separatorHint(field) !== null)
  if (separated >= 0) {
    const wayOut = `if the value is meant as a word, list the column in \`categorical: [${name}]\``
    throw fault(separated, 'is not a number in this notation', `${separatorHint(fields[separated]!)}; ${wayOut}`)
  }
  const numbers = kind === 'number' ? fields.map(Number) : []
  let sum = 0
  for (const [i, field] of fields.entries()) {
    if (kinds[i] === 'missing') {
      if (way !== 'mean') {
        const inputs = fills ? '' : ' in numeric inputs'
        const hint = '`missing: drop` beside `csv:` skips such lines; `missing: mean` fills missing values'
        throw fault(i, 'is missing', `${hint}${inputs}`)
      }
      const drop = 'use `missing: drop` to skip such lines'
      if (!fills) throw fault(i, 'is missing, and missing targets are never replaced by the mean', drop)
      const hint = `${drop}, or write a word for the missing value`
      if (kind === 'word') throw fault(i, 'is missing, and a column of words has no mean', hint)
      if (kind === undefined) throw fault(i, 'is missing in every line', 'remove the column')
      continue
    }
    if (kinds[i] === 'word' && !words)
      throw fault(i, 'is not a number', separatorHint(field) ?? 'write a finite number')
    if (kinds[i] !== kind) {
      const hint = 'a column must have only numbers or only words'
      const way = `with \`categorical: [${name}]\`, the numbers of this column are read as words`
      throw fault(i, 'makes the column a mix of numbers and words', `${hint}; ${way}`)
    }
    if (kind === 'number' && !Number.isFinite(numbers[i]))
      throw fault(i, 'is not finite', 'every value of a data set must be a finite number')
    sum += numbers[i]!
  }
  if (kind === 'word') return { kind: 'words', values: fields }
  const first = kinds.indexOf('missing')
  if (first < 0) return { kind: 'numbers', values: numbers, filled: null }
  const count = kinds.filter((each) => each === 'missing').length
  const value = sum / (fields.length - count)
  if (!Number.isFinite(value))
    throw fault(first, 'is missing, and the mean of the other values is not finite', 'use `missing: drop`')
  const values = numbers.map((number, i) => (kinds[i] === 'missing' ? value : number))
  return { kind: 'numbers', values, filled: { count, value } }
}
