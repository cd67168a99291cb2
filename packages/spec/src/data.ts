import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Samples as numbers, known by their content. */
export interface DataTable {
  /** SHA-256 in hex of shape and values (`dataTable`). */
  readonly hash: string
  readonly rows: number
  readonly columns: number
  /** Row by row. */
  readonly values: Float64Array
}

/** -0 is made 0 first, so equal numbers give equal hashes. Values must be finite. */
export function dataTable(rows: number, columns: number, values: ArrayLike<number>): DataTable {
  const own = Float64Array.from(values, (value) => value + 0)
  if (own.length !== rows * columns) throw new RangeError(`${own.length} values for ${rows} rows of ${columns}`)
  const hash = sha256.create().update(utf8ToBytes(dataPreamble(rows, columns)))
  hash.update(dataBytes(own))
  return Object.freeze({ hash: bytesToHex(hash.digest()), rows, columns, values: own })
}

/** What is hashed before the bytes. */
export const dataPreamble = (rows: number, columns: number): string => `driftfarm data 1\n${rows} ${columns}\n`

/** Little-endian doubles. */
export function dataBytes(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    view.setFloat64(8 * index, value, true)
  })
  return bytes
}

/** The inverse of `dataBytes`. */
export function dataValues(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float64Array.from({ length: bytes.byteLength / 8 }, (_, index) => view.getFloat64(8 * index, true))
}
