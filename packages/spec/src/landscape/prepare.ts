import { countText, elementary } from '@driftfarm/formula'
import type { PreparedData } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { dataMistake, overLimit } from '../errors.ts'
import type { NamedColumn } from '../files/csv.ts'
import { limits } from '../limits.ts'

/** `isWord`: whether the column is one-hot, with 1 in the rows that contain a certain word and 0 in all others. */
export interface Column {
  readonly name: string
  readonly values: readonly number[]
  readonly isWord: boolean
}

/** One-hot encoding. The words are sorted by UTF-16 code units, and none is left out. */
export function oneHot(raw: readonly NamedColumn[], path: Path): (readonly Column[])[] {
  const words = raw.map((column) => (column.kind === 'words' ? [...new Set(column.values)].sort() : null))
  for (const [i, { name, path }] of raw.entries()) {
    const count = words[i]?.length ?? 0
    if (count <= limits.labels) continue
    const value = `${count} different words in column ${name}`
    throw overLimit('DATA_TOO_LARGE', path, value, `${limits.labels} different words per column`)
  }
  const width = words.reduce((sum, each) => sum + (each?.length ?? 1), 0)
  checkSize((raw[0]?.values.length ?? 0) * width, path)
  return raw.map((column, i) => {
    const { name } = column
    if (column.kind === 'numbers') return [{ name, values: column.values, isWord: false }]
    return words[i]!.map((word) => ({
      name: `${name}=${word}`,
      values: column.values.map((value) => (value === word ? 1 : 0)),
      isWord: true,
    }))
  })
}

export function checkSize(size: number, path: Path): void {
  if (size <= limits.dataValues) return
  const limit = `${limits.dataValues} numbers per data set`
  throw overLimit('DATA_TOO_LARGE', path, `${size} numbers`, limit)
}

/** Returns a text such as ` (age, 2 words of colour)`, or '' if all columns are numeric. */
export function explainColumns(raw: readonly NamedColumn[], columns: readonly (readonly Column[])[]): string {
  if (raw.every(({ kind }) => kind === 'numbers')) return ''
  const parts = raw.map(({ name, kind }, i) =>
    kind === 'numbers' ? name : `${countText(columns[i]!.length, 'word')} of ${name}`,
  )
  const listed = parts.length > maxListed ? [...parts.slice(0, maxListed), '..'] : parts
  return ` (${listed.join(', ')})`
}

const maxListed = 12

/**
 * `standard` scales numbers to mean 0 and population variance 1, `range` scales them to 0 .. 1. A column of equal
 * values becomes a column of zeros. Values are summed from the first to the last. `scaled` is null if no column was
 * scaled.
 */
export function scaledColumns(
  columns: readonly Column[],
  scaling: Scaling,
  path: Path,
): { readonly columns: readonly Column[]; readonly scaled: PreparedData['scaled'] } {
  if (scaling === 'none' || columns.every(({ isWord }) => isWord)) return { columns, scaled: null }
  const spreads = columns.map(({ name, values, isWord }) => {
    if (isWord) return { center: 0, scale: 1 }
    const spread = spreadOf(values, scaling)
    if (Number.isFinite(spread.center) && Number.isFinite(spread.scale) && spread.scale > 0) return spread
    const what = scaling === 'standard' ? 'mean or standard deviation' : 'range'
    throw dataMistake(
      path,
      `the ${what} of column ${name} is too large or too small for a double`,
      'write the values of the column in another unit, or remove the column',
      scaling,
    )
  })
  return {
    columns: columns.map((column, i) => (column.isWord ? column : { ...column, values: moved(column, spreads[i]!) })),
    scaled: {
      kind: scaling,
      center: spreads.map(({ center }) => center),
      scale: spreads.map(({ scale }) => scale),
      constant: columns.filter(isConstant).map(({ name }) => name),
    },
  }
}

const isConstant = ({ values, isWord }: Column): boolean => !isWord && values.every((value) => value === values[0])

interface Spread {
  readonly center: number
  readonly scale: number
}

const moved = ({ values }: Column, { center, scale }: Spread): number[] =>
  values.map((value) => (value - center) / scale)

function spreadOf(values: readonly number[], scaling: 'standard' | 'range'): Spread {
  let [low, high] = [values[0]!, values[0]!]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  // The computed mean of equal values may differ from these values in its last bit, and scaling would enlarge this
  // difference to noise.
  if (low === high) return { center: low, scale: 1 }
  if (scaling === 'range') return { center: low, scale: high - low }
  const center = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - center) * (value - center), 0)
  return { center, scale: elementary.sqrt(squares / values.length) }
}

/** `scaledColumns` defines the scalings. */
export const scalings = ['none', 'standard', 'range'] as const
export type Scaling = (typeof scalings)[number]
