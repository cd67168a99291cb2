import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { DataReference, PreparedData } from './cell.ts'

/** A table of samples, identified by its content. */
export interface DataTable {
  /** Hexadecimal SHA-256 of the shape and the values (`dataTable`). */
  readonly hash: string
  readonly rows: number
  readonly columns: number
  /** Row by row: `rows * columns` numbers. */
  readonly values: Float64Array
}

/**
 * Values must be finite. -0 is replaced by 0, so that equal numbers give equal hashes. Throws a RangeError if the
 * number of values is not rows * columns.
 */
export function dataTable(rows: number, columns: number, values: ArrayLike<number>): DataTable {
  const own = Float64Array.from(values, (value) => value + 0)
  if (own.length !== rows * columns) throw new RangeError(`${own.length} values for ${rows} rows of ${columns} columns`)
  const hash = sha256.create().update(utf8ToBytes(dataPreamble(rows, columns)))
  hash.update(dataBytes(own))
  return Object.freeze({ hash: bytesToHex(hash.digest()), rows, columns, values: own })
}

/** Cells contain this reference instead of the table. */
export function referenceTo({ table, prepared }: PreparedTable): DataReference {
  return { hash: table.hash, rows: table.rows, ...(prepared !== null && { prepared }) }
}

export interface PreparedTable {
  readonly table: DataTable
  /** How the table was prepared from the data that the spec names; null if no number was changed. */
  readonly prepared: PreparedData | null
}

/** The text that is hashed before the bytes of the values. */
export const dataPreamble = (rows: number, columns: number): string => `driftfarm data 1\n${rows} ${columns}\n`

/** The values as doubles, 8 bytes each, without a copy. Little-endian, as every host that runs the kernel. */
export function dataBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** The inverse of `dataBytes`. The copy makes the doubles aligned. */
export function dataValues(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer)
}
