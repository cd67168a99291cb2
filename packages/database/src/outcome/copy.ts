import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { WatchedClient } from '../client.ts'

// The signature 'PGCOPY\n\377\r\n\0', flags 0, no header extension.
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const trailer = Buffer.from('ffff', 'hex')

const statement = `copy farm.outcome (cell_id, first, offsets, ends, exits, settled, classes, escaped_at, converged_at,
  steps, loss, distance, marks) from stdin (format binary)`

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
