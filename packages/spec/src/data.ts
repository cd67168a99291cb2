import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { resultOf } from './cached.ts'
import type { Cell, DataReference, PreparedData, Start } from './cell.ts'

/** A table of samples, identified by its content. */
export interface DataTable {
  /** Hexadecimal SHA-256 of the shape and the numbers as doubles (`dataTable`), however they are stored. */
  readonly hash: string
  readonly rows: number
  readonly columns: number
  /** Row by row: `rows * columns` numbers. */
  readonly values: TableValues
}

/** Both forms stand for doubles, and only `widen` turns bytes into them. */
export type TableValues = Float64Array | ByteValues

/** Numbers that are stored as bytes: an eighth of the memory. */
export interface ByteValues extends ByteScale {
  readonly bytes: Uint8Array
}

/** In the first `scaled` columns, a byte stands for byte / `divide`. In the others, it stands for itself. */
export interface ByteScale {
  readonly divide: number
  readonly scaled: number
}

/** The tables of a cell: those that `dataReferencesOf` names, in any order. Empty if the cell needs no table. */
export type Tables = readonly DataTable[]

/** A SHA-256 that is computed part by part. */
export interface Hasher {
  update(bytes: Uint8Array): unknown
  /** 64 hexadecimal digits. */
  digest(): string
}

export type NewHasher = () => Hasher

const portableHasher: NewHasher = () => {
  const hash = sha256.create()
  return { update: (bytes) => hash.update(bytes), digest: () => bytesToHex(hash.digest()) }
}

/**
 * Values must be finite. -0 is replaced by 0, so that equal numbers give equal hashes. Throws a RangeError if the
 * number of values is not rows * columns.
 */
export function dataTable(
  rows: number,
  columns: number,
  values: ArrayLike<number>,
  hasher: NewHasher = portableHasher,
): DataTable {
  const own = new Float64Array(values.length)
  // `Float64Array.from` would first make a list of all values.
  for (let i = 0; i < own.length; i++) own[i] = values[i]! + 0
  return tableOfValues(rows, columns, own, hasher)
}

/**
 * A table that keeps the values without a copy. It has the hash of the same numbers as doubles. None of them may be -0.
 * Throws a RangeError if the number of values is not rows * columns.
 */
export function tableOfValues(
  rows: number,
  columns: number,
  values: TableValues,
  hasher: NewHasher = portableHasher,
): DataTable {
  if (countOf(values) !== rows * columns)
    throw new RangeError(`${countOf(values)} values for ${rows} rows of ${columns} columns`)
  const hash = resultOf(hashSteps({ rows, columns, values }, hasher))
  return Object.freeze({ hash, rows, columns, values })
}

/** Computes the hash of a table. After each block of numbers, the caller can do other work. */
export function* hashSteps(
  { rows, columns, values }: Omit<DataTable, 'hash'>,
  hasher: NewHasher,
): Generator<undefined, string> {
  const hash = hasher()
  hash.update(utf8ToBytes(`driftfarm data 1\n${rows} ${columns}\n`))
  const block = Math.max(1, Math.floor(blockNumbers / Math.max(1, columns)))
  const into = new Float64Array(block * columns)
  for (let row = 0; row < rows; row += block) {
    const part = into.subarray(0, Math.min(block, rows - row) * columns)
    widen(values, columns, row, part)
    hash.update(dataBytes(part))
    yield
  }
  return hash.digest()
}

const blockNumbers = 2 ** 16

export const isBytes = (values: TableValues): values is ByteValues => 'bytes' in values

const storedOf = (values: TableValues) => (isBytes(values) ? values.bytes : values)

export const countOf = (values: TableValues): number => storedOf(values).length

/** The memory that the values take, in bytes. */
export const sizeOf = (values: TableValues): number => storedOf(values).byteLength

/** The same table in memory that threads share. */
export function sharedTable(table: DataTable): DataTable {
  const { values } = table
  const shared = <T extends Uint8Array | Float64Array>(numbers: T, from: new (buffer: SharedArrayBuffer) => T): T => {
    const copy = new from(new SharedArrayBuffer(numbers.byteLength))
    copy.set(numbers)
    return copy
  }
  return Object.freeze({
    ...table,
    values: isBytes(values) ? { ...values, bytes: shared(values.bytes, Uint8Array) } : shared(values, Float64Array),
  })
}

/** The rows from `row` on as doubles, as many as `into` holds. No other code reads bytes as numbers. */
export function widen(values: TableValues, columns: number, row: number, into: Float64Array): void {
  const first = row * columns
  if (!isBytes(values)) {
    into.set(values.subarray(first, first + into.length))
    return
  }
  const { bytes, scaled } = values
  const numbers = byteNumbers(values)
  for (let at = 0; at < into.length; at += columns) {
    for (let column = 0; column < columns; column++) {
      const byte = bytes[first + at + column]!
      into[at + column] = column < scaled ? numbers[byte]! : byte
    }
  }
}

/** What each byte stands for in a scaled column: 256 numbers. */
export const byteNumbers = ({ divide }: ByteScale): Float64Array =>
  Float64Array.from({ length: 256 }, (_, b) => b / divide)

/**
 * Returns a function that reads a row as doubles. Each call overwrites the array that it returned before, unless the
 * values are doubles already.
 */
export function rowReader({ values, columns }: Pick<DataTable, 'values' | 'columns'>): (row: number) => Float64Array {
  if (!isBytes(values)) return (row) => values.subarray(row * columns, (row + 1) * columns)
  const into = new Float64Array(columns)
  return (row) => {
    widen(values, columns, row, into)
    return into
  }
}

/** The first row of the table for which `isRight` is false, from the column `first` on. Null if there is none. */
export function wrongRow(table: DataTable, first: number, isRight: (values: Float64Array) => boolean) {
  const read = rowReader(table)
  for (let row = 0; row < table.rows; row++) {
    const values = read(row).subarray(first)
    if (!isRight(values)) return { row, values }
  }
  return null
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

/** The tables that a cell needs. The first one has the samples that the landscape trains on, if it has data. */
export function dataReferencesOf(cell: Pick<Cell, 'landscape' | 'start'>): readonly DataReference[] {
  return [...sampleReferencesOf(cell), ...storedIn(cell.start)]
}

/** The samples for training, then those for tests. */
export function sampleReferencesOf({ landscape }: Pick<Cell, 'landscape'>): readonly DataReference[] {
  if (landscape.kind === 'population' || landscape.data === null) return []
  return landscape.test === undefined ? [landscape.data] : [landscape.data, landscape.test]
}

/** The point of a start that is stored like a data set. */
export function storedIn(start: Start): readonly DataReference[] {
  if (start.kind === 'stored') return [start.data]
  return start.kind === 'descend' || start.kind === 'train' ? storedIn(start.from) : []
}

/** All tables of a cell, each read by its hash. */
export function readTables(
  cell: Pick<Cell, 'landscape' | 'start'>,
  read: (hash: string) => Promise<DataTable>,
): Promise<Tables> {
  return Promise.all(dataReferencesOf(cell).map(({ hash }) => read(hash)))
}

/** The table that a reference names. Undefined if it is missing. */
export function tableOf(tables: Tables, { hash }: Pick<DataReference, 'hash'>): DataTable | undefined {
  return tables.find((table) => table.hash === hash)
}

/** All numbers as doubles, row by row. A table of bytes becomes eight times as large; doubles are not copied. */
export function widened({ values, rows, columns }: DataTable): Float64Array {
  if (!isBytes(values)) return values
  const all = new Float64Array(rows * columns)
  widen(values, columns, 0, all)
  return all
}

/** The values as doubles, 8 bytes each, without a copy. Little-endian, as every host that runs the kernel. */
export function dataBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** The values as they are stored and sent, without a copy: bytes, or doubles as in `dataBytes`. */
export const storedBytes = (values: TableValues): Uint8Array => (isBytes(values) ? values.bytes : dataBytes(values))

/** The inverse of `storedBytes`. If `scale` is null, the bytes are those of doubles. */
export const storedValues = (bytes: Uint8Array, scale: ByteScale | null): TableValues =>
  scale === null ? dataValues(bytes) : { bytes, divide: scale.divide, scaled: scale.scaled }

/** The inverse of `dataBytes`. The copy makes the doubles aligned. */
export function dataValues(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer)
}
