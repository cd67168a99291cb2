import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { storedFields } from '@driftfarm/kernel'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { BinaryRows, headBytes } from './binaryRows.ts'
import type { WatchedClient } from './client.ts'

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
const copyInto = (names: readonly string[]): string =>
  `copy farm.outcome (${names.join(', ')}) from stdin (format binary)`
const statement = copyInto(columns)
const statementOfObserved = copyInto([...columns, 'observed_keys', 'observed'])

/**
 * Inserts rows made by `encodeOutcomeRow`: either all of them or none. If `client` is in a transaction, the rows are
 * part of the transaction.
 */
export async function copyOutcomes(client: pg.ClientBase, rows: readonly Uint8Array[]): Promise<void> {
  // A row begins with its number of fields (int16).
  const [plain, observing] = [true, false].map((is) => rows.filter((row) => (row[1] === columns.length) === is))
  if (plain!.length > 0) await copy(client, statement, plain!)
  if (observing!.length > 0) await copy(client, statementOfObserved, observing!)
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
