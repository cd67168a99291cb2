import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { storedFields } from '@driftfarm/kernel'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { WatchedClient } from './client.ts'

/** Element types of arrays, with their oids in PostgreSQL. */
const elements = { int4: 23, int8: 20, float8: 701, text: 25, json: 114 } as const

type Element = keyof typeof elements

/** Number of bytes in the header of an array: length, dimensions, null flag, type, size and lower bound. */
const headBytes = 24

/** Placeholder for the four-byte length that precedes a field. */
const roomForLength = '\0'.repeat(4)

/**
 * Rows in the format of COPY BINARY, one after the other in one buffer. A row consists of its number of fields (int16)
 * and the fields. A field consists of its length (int32) and its bytes. All numbers are big-endian. An array consists
 * of the number of dimensions, the null flag 0, the element type, the size and lower bound of each dimension, and its
 * elements as fields. Everything is in one buffer, because creating an object for each field of 10^6 rows would take
 * longer than the rest of the work.
 */
export class BinaryRows {
  #out: Buffer
  #at = 0

  /** `room`: initial size in bytes; the buffer grows as needed. */
  constructor(room = 65_536) {
    this.#out = Buffer.allocUnsafe(room)
  }

  get bytes(): Buffer {
    return this.#out.subarray(0, this.#at)
  }

  get length(): number {
    return this.#at
  }

  /** Starts a row of `fields` fields, which must follow. */
  row(fields: number): this {
    this.#reserve(2)
    this.#at = this.#out.writeInt16BE(fields, this.#at)
    return this
  }

  int4(value: number): this {
    this.#head(4)
    this.#at = this.#out.writeInt32BE(value, this.#at)
    return this
  }

  int8(value: number): this {
    this.#head(8)
    const high = Math.floor(value / 4_294_967_296)
    this.#at = this.#out.writeInt32BE(high, this.#at)
    this.#at = this.#out.writeUInt32BE(value - high * 4_294_967_296, this.#at)
    return this
  }

  float8(value: number): this {
    this.#head(8)
    this.#at = this.#out.writeDoubleBE(value, this.#at)
    return this
  }

  /** Writes a field of type text or json. */
  text(value: string | null): this {
    return value === null ? this.#null() : this.#text(value, '')
  }

  /** Writes a jsonb value. Its binary form is a version byte, followed by its text. */
  jsonb(value: string): this {
    return this.#text(value, '\u0001')
  }

  texts(values: readonly (string | null)[], type: 'text' | 'json' = 'text'): this {
    return this.#array(type, values.length, () => {
      if (!this.#textsAtOnce(values)) for (const value of values) this.text(value)
    })
  }

  numbers(values: readonly (number | null)[], type: 'int4' | 'int8' | 'float8'): this {
    return this.#array(type, values.length, () => {
      for (const value of values) {
        if (value === null) this.#null()
        else this[type](value)
      }
    })
  }

  #array(type: Element, size: number, write: () => void): this {
    this.#reserve(headBytes)
    const start = this.#at
    this.#at += 4
    this.#at = this.#out.writeInt32BE(size === 0 ? 0 : 1, this.#at)
    this.#at = this.#out.writeInt32BE(0, this.#at)
    this.#at = this.#out.writeInt32BE(elements[type], this.#at)
    if (size > 0) {
      this.#at = this.#out.writeInt32BE(size, this.#at)
      this.#at = this.#out.writeInt32BE(1, this.#at)
      write()
    }
    this.#out.writeInt32BE(this.#at - start - 4, start)
    return this
  }

  /**
   * If all texts are ASCII, writes them with a single call and returns true; otherwise writes nothing and returns
   * false. One call per text would take several times as long.
   */
  #textsAtOnce(values: readonly (string | null)[]): boolean {
    const text = roomForLength + values.map((value) => value ?? '').join(roomForLength)
    if (Buffer.byteLength(text) !== text.length) return false
    this.#reserve(text.length)
    this.#out.write(text, this.#at, 'latin1')
    for (const value of values) {
      this.#out.writeInt32BE(value?.length ?? -1, this.#at)
      this.#at += 4 + (value?.length ?? 0)
    }
    return true
  }

  #null(): this {
    this.#reserve(4)
    this.#at = this.#out.writeInt32BE(-1, this.#at)
    return this
  }

  #text(value: string, before: string): this {
    this.#reserve(5 + 3 * value.length)
    const start = this.#at
    this.#at += 4
    if (before !== '') this.#at += this.#out.write(before, this.#at, 'latin1')
    this.#at += this.#out.write(value, this.#at)
    this.#out.writeInt32BE(this.#at - start - 4, start)
    return this
  }

  #head(length: number): void {
    this.#reserve(4 + length)
    this.#at = this.#out.writeInt32BE(length, this.#at)
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#out.length, this.#at + bytes))
    this.#out.copy(larger, 0, 0, this.#at)
    this.#out = larger
  }
}

/**
 * Functions that encode an array in binary form, for use as a parameter of a statement. The statement must cast the
 * parameter to the array type: for the function `int4`, to `int4[]`. pg sends a buffer unchanged, and the server reads
 * each element directly. In text form, every element would have to be quoted, located and parsed.
 */
export const arrayOf = {
  int4: (values: readonly (number | null)[]): Buffer => numbers(values, 'int4'),
  int8: (values: readonly (number | null)[]): Buffer => numbers(values, 'int8'),
  float8: (values: readonly (number | null)[]): Buffer => numbers(values, 'float8'),
  text: (values: readonly (string | null)[]): Buffer => texts(values, 'text'),
  json: (values: readonly (string | null)[]): Buffer => texts(values, 'json'),
} as const

function numbers(values: readonly (number | null)[], type: 'int4' | 'int8' | 'float8'): Buffer {
  return withoutLength(new BinaryRows(headBytes + 12 * values.length).numbers(values, type))
}

function texts(values: readonly (string | null)[], type: 'text' | 'json'): Buffer {
  const length = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 0)
  return withoutLength(new BinaryRows(headBytes + length).texts(values, type))
}

const withoutLength = (array: BinaryRows): Buffer => array.bytes.subarray(4)

// The signature 'PGCOPY\n\377\r\n\0', flags 0, no header extension.
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const trailer = Buffer.from('ffff', 'hex')

const columns = ['cell_id', 'first', 'offsets', ...storedFields.map(({ column }) => column)]
const statement = `copy farm.outcome (${columns.join(', ')}) from stdin (format binary)`

/**
 * Inserts rows made by `encodeOutcomeRow`: either all of them or none. If `client` is in a transaction, the rows are
 * part of the transaction.
 */
export async function copyOutcomes(client: pg.ClientBase, rows: readonly Uint8Array[]): Promise<void> {
  if (rows.length > 0) await copy(client, statement, rows)
}

/** Rows are sent in chunks of at least this many bytes, because each chunk costs a message. */
const pieceBytes = 262_144

/** Runs any COPY .. FROM STDIN (FORMAT BINARY). Each element of `rows` contains one or more rows. */
export async function copy(client: pg.ClientBase, statement: string, rows: readonly Uint8Array[]): Promise<void> {
  await (client as WatchedClient).flush()
  const stream = client.query(copyFrom(statement))
  const done = finished(stream)
  done.catch(() => {}) // `done` is awaited below, but may fail earlier
  for (const piece of pieces([header, ...rows, trailer])) {
    if (!stream.write(piece) && !stream.destroyed) await Promise.race([once(stream, 'drain'), done])
  }
  stream.end()
  await done
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let together: Uint8Array[] = []
  let bytes = 0
  for (const part of parts) {
    together.push(part)
    bytes += part.length
    if (bytes < pieceBytes) continue
    yield together.length === 1 ? part : Buffer.concat(together)
    together = []
    bytes = 0
  }
  if (together.length > 0) yield Buffer.concat(together)
}
