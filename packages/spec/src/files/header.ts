import type { PreparedData } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { dataMistake, Mistake } from '../errors.ts'
import type { MissingWay, RawColumn, Wanted } from './column.ts'

/** A file with named columns of equal length. */
export interface DataFile {
  readonly header: readonly string[]
  /** Why a name might not be found, as a hint; null if the header looks like names. */
  readonly headerHint: string | null
  /** How messages name the file. */
  readonly file: string
  table(wanted: readonly Wanted[], missing?: MissingWay): RawTable
}

/** Columns as they were read, before words and missing values become numbers. */
export interface RawTable {
  readonly columns: readonly RawColumn[]
  /** The rows that are used, in ascending order. */
  readonly rows: Uint32Array
  /** Number of lines dropped because of a missing value. */
  readonly dropped: PreparedData['dropped']
}

export const firstRows = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row)

/** The index of a column. `at` is where the spec names the column. */
export function columnIndex({ header, headerHint, file }: DataFile, name: string, at: Path): number {
  const index = header.indexOf(name)
  if (index < 0) throw new Mistake('UNKNOWN_COLUMN', at, { word: name, known: header, hint: headerHint })
  if (header.includes(name, index + 1))
    throw dataMistake(
      at,
      `${file} has two columns with this name`,
      'give each column a different name in the first line of the file',
      name,
    )
  return index
}
