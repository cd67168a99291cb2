import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

// The signature 'PGCOPY\n\377\r\n\0', flags 0, no header extension.
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const trailer = Buffer.from('ffff', 'hex')

const statement = `copy farm.outcome (cell_id, first, offsets, ends, exits, settled, classes, escaped_at, converged_at,
  steps, loss, distance, marks) from stdin (format binary)`

/** Inserts rows made by `encodeOutcomeRow`, all or none. Inside a transaction they are part of it. */
export async function copyOutcomes(client: pg.ClientBase, rows: readonly Uint8Array[]): Promise<void> {
  if (rows.length > 0) await copy(client, statement, rows)
}

/** Runs any COPY .. FROM STDIN (FORMAT BINARY). */
export async function copy(client: pg.ClientBase, statement: string, rows: readonly Uint8Array[]): Promise<void> {
  const stream = client.query(copyFrom(statement))
  const done = finished(stream)
  done.catch(() => {}) // awaited below, but it may fail before that
  for (const part of [header, ...rows, trailer]) {
    if (!stream.write(part) && !stream.destroyed) await Promise.race([once(stream, 'drain'), done])
  }
  stream.end()
  await done
}
