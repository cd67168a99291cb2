import type { Path } from '../document/value.ts'
import type { Mistake } from '../errors.ts'
import { separatorHint } from '../words/numberHint.ts'
import type { Strided } from './numbers.ts'
import type { StoredValues } from './stored.ts'

export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/**
 * How files mark a missing value: an empty field, and the spellings of R, NumPy, pandas, SQL and the UCI repository.
 */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)

/** Makes the mistake of the value in a row: what is wrong with it, and what to do. */
export type Fault = (row: number, what: string, hint: string) => Mistake

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
const notFinite = /^[+-]?(nan|inf|infinity)$/i

export const isNumber = (field: string): boolean => numeral.test(field)

/** Reads a column of texts, which must have only numbers or only words. */
export function readColumn(
  { name, path, words, categorical = false, fills = false }: Wanted,
  fields: readonly string[],
  way: MissingWay,
  fault: Fault,
): RawColumn {
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
  const values = kind === 'number' ? Float64Array.from(fields, Number) : new Float64Array()
  const gaps: number[] = []
  for (const [i, field] of fields.entries()) {
    if (kinds[i] === 'missing') {
      requireFill(i, kind, fills, way, fault)
      gaps.push(i)
      values[i] = Number.NaN
      continue
    }
    if (kinds[i] === 'word' && !words)
      throw fault(i, 'is not a number', separatorHint(field) ?? 'write a finite number')
    if (kinds[i] !== kind) {
      const hint = 'a column must have only numbers or only words'
      const way = `with \`categorical: [${name}]\`, the numbers of this column are read as words`
      throw fault(i, 'makes the column a mix of numbers and words', `${hint}; ${way}`)
    }
    if (kind === 'number' && !Number.isFinite(values[i])) throw notFiniteFault(i, fault)
  }
  if (kind === 'word') return { kind: 'words', name, path, fault, words: fields }
  return { kind: 'numbers', name, path, fault, values, offset: 0, stride: 1, gaps }
}

/** Checks a column of a file that knows which values are numbers. Only rows in `kept` are used; null stands for all. */
export function checkedColumn(
  { name, path, words, categorical = false, fills = false }: Wanted,
  stored: StoredValues,
  { rows, kept, way }: { readonly rows: number; readonly kept: Uint32Array | null; readonly way: MissingWay },
  fault: Fault,
): RawColumn {
  const isWords = 'words' in stored
  const valueAt = (row: number) => (isWords ? stored.words[row]! : stored.values[stored.offset + stored.stride * row]!)
  const isGap = gapsOf(stored)
  const kind = isWords || categorical ? 'word' : 'number'
  if (isWords && !words) throw fault(kept?.[0] ?? 0, 'is not a number', 'name a column of numbers')
  const gaps: number[] = []
  const isWhole = !isWords && !(stored.values instanceof Float32Array) && !(stored.values instanceof Float64Array)
  const count = kept?.length ?? rows
  for (let i = 0; i < count && !isWhole; i++) {
    const row = kept === null ? i : kept[i]!
    if (isGap(row)) {
      requireFill(row, kind, fills, way, fault)
      gaps.push(row)
    } else if (!isWords && !Number.isFinite(valueAt(row))) throw notFiniteFault(row, fault)
  }
  if (!isWords && gaps.length === count) requireFill(gaps[0]!, undefined, fills, way, fault)
  if (!isWords && !categorical) return { kind: 'numbers', name, path, fault, ...stored, gaps }
  return { kind: 'words', name, path, fault, words: Array.from({ length: rows }, (_, row) => String(valueAt(row))) }
}

/** Whether the value in a row is missing. */
export function gapsOf(stored: StoredValues): (row: number) => boolean {
  if ('words' in stored) return (row) => stored.words[row] === null || isMissing(stored.words[row]!)
  return (row) => Number.isNaN(stored.values[stored.offset + stored.stride * row])
}

const notFiniteFault = (row: number, fault: Fault): Mistake =>
  fault(row, 'is not finite', 'every value of a data set must be a finite number')

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
