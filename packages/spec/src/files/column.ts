import type { Path } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import type { Strided } from './numbers.ts'
import type { StoredValues } from './stored.ts'

export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/**
 * How files mark a missing value: an empty field, and the spellings of R, NumPy, pandas, SQL and the UCI repository.
 */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)

/** What is wrong with a value, and what to do. */
export type Refused = readonly [what: string, hint: string]

/** Makes the mistake of the value in a row. */
export type Fault = (row: number, ...refused: Refused) => Mistake

export type RawColumn = RawNumbers | RawWords
interface AnyColumn {
  readonly name: string
  /** Where the spec names the column. */
  readonly path: Path
  readonly fault: Fault
}
export interface RawNumbers extends AnyColumn, Strided {
  readonly kind: 'numbers'
  /** The rows whose values are missing (NaN), in ascending order. The mean of the other values is to replace them. */
  readonly gaps: readonly number[]
}
export interface RawWords extends AnyColumn {
  readonly kind: 'words'
  readonly words: readonly string[]
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

export const isNumber = (field: string): boolean => numeral.test(field)

/** The number that a field of a text stands for: NaN if it is missing. Null for a word. */
export function numberIn(field: string): number | null {
  // Most fields of large files are such numbers, and the expression `numeral` takes longer than all else.
  const isPlain = field === '0' || (field >= '1' && field < ':' && !Number.isNaN(Number(field)))
  if (isPlain || isNumber(field)) return Number(field)
  if (isMissing(field)) return Number.NaN
  return /^[+-]?(nan|inf|infinity)$/i.test(field) ? Number.POSITIVE_INFINITY : null
}

/** Checks the values of a column in the rows that are used. */
export function checkedColumn(
  { name, path, words, categorical = false, fills = false }: Wanted,
  stored: StoredValues,
  { rows, way }: { readonly rows: Uint32Array; readonly way: MissingWay },
  fault: Fault,
): RawColumn {
  const isWords = 'words' in stored
  const valueAt = (row: number) => (isWords ? stored.words[row]! : stored.values[stored.offset + stored.stride * row]!)
  const isGap = gapsOf(stored)
  const kind = isWords || categorical ? 'word' : 'number'
  if (isWords && !words) throw fault(rows[0]!, 'is not a number', 'name a column of numbers')
  const gaps: number[] = []
  const isWhole = !isWords && !(stored.values instanceof Float32Array) && !(stored.values instanceof Float64Array)
  for (const row of isWhole ? [] : rows) {
    if (isGap(row)) {
      requireFill(row, kind, fills, way, fault)
      gaps.push(row)
    } else if (!isWords && !Number.isFinite(valueAt(row)))
      throw fault(row, 'is not finite', 'every value of a data set must be a finite number')
  }
  if (!isWords && gaps.length === rows.length) requireFill(gaps[0]!, undefined, fills, way, fault)
  if (!isWords && !categorical) return { kind: 'numbers', name, path, fault, ...stored, gaps }
  const all = Array.from({ length: rows.at(-1)! + 1 }, (_, row) => String(valueAt(row)))
  return { kind: 'words', name, path, fault, words: all }
}

/** Whether the value in a row is missing. */
export function gapsOf(stored: StoredValues): (row: number) => boolean {
  if ('words' in stored) return (row) => stored.words[row] === null || isMissing(stored.words[row]!)
  return (row) => Number.isNaN(stored.values[stored.offset + stored.stride * row])
}

/** Throws if a missing value may not be replaced. `kind` is that of the other values, if there are any. */
function requireFill(
  row: number,
  kind: 'number' | 'word' | undefined,
  fills: boolean,
  way: MissingWay,
  fault: Fault,
): void {
  if (way !== 'mean') {
    const inputs = fills ? '' : ' in numeric inputs'
    const hint = '`missing: drop` beside `csv:` skips such lines; `missing: mean` fills missing values'
    throw fault(row, 'is missing', `${hint}${inputs}`)
  }
  const drop = 'use `missing: drop` to skip such lines'
  if (!fills) throw fault(row, 'is missing, and missing targets are never replaced by the mean', drop)
  const hint = `${drop}, or write a word for the missing value`
  if (kind === 'word') throw fault(row, 'is missing, and a column of words has no mean', hint)
  if (kind === undefined) throw fault(row, 'is missing in every line', 'remove the column')
}
