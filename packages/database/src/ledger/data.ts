import { createHash } from 'node:crypto'
import {
  beginHash,
  type Cell,
  type DataTable,
  dataBytes,
  dataReferencesOf,
  dataValues,
  type NewHasher,
  readTables,
  type Tables,
  tableOf,
  widened,
} from '@driftfarm/spec'
import type pg from 'pg'
import type { Database } from '../connection/database.ts'
import { LedgerError } from './errors.ts'
import { limits } from './limits.ts'
import type { Columns, DataModel, DataPartModel } from './rows.ts'

export function dataHashOf(cell: Cell): string | null {
  return dataReferencesOf(cell)[0]?.hash ?? null
}

/** Only one submission at a time stores data, in one transaction. So a data set that is already stored is complete. */
export async function insertData(client: pg.PoolClient, table: DataTable): Promise<void> {
  const { hash, rows, columns } = table
  const { rowCount } = await client.query(
    'insert into farm.data (hash, rows, columns) values ($1, $2, $3) on conflict (hash) do nothing',
    [hash, rows, columns],
  )
  if (rowCount === 0) return
  const values = widened(table)
  for (let part = 0; part * limits.partNumbers < values.length; part++)
    await client.query('insert into farm.data_part (data_hash, part, bytes) values ($1, $2, $3)', [
      hash,
      part,
      dataBytes(values.subarray(part * limits.partNumbers, (part + 1) * limits.partNumbers)),
    ])
}

export async function collectData(client: pg.PoolClient, hashes: readonly string[]): Promise<void> {
  await client.query(
    'delete from farm.data d where d.hash = any($1) and not exists (select from farm.cell c where ' +
      'c.data_hash = d.hash)',
    [hashes],
  )
}

/**
 * Reads a data set by its hash and verifies it. The values are in shared memory, so that threads can read them without
 * copying. Throws DATA_NOT_FOUND or DATA_DAMAGED.
 */
export function readData(database: Database, hash: string): Promise<DataTable> {
  // All parts are read from one snapshot, since the sweep may be removed in the meantime.
  return database.transaction((client) => read(client, hash), { isolation: 'repeatable read' })
}

async function read(client: pg.PoolClient, hash: string): Promise<DataTable> {
  const found = await client.query<Columns<DataModel, 'rows' | 'columns'>>(
    'select rows, columns from farm.data where hash = $1',
    [hash],
  )
  const [shape] = found.rows
  if (shape === undefined) throw new LedgerError('DATA_NOT_FOUND', `no data set ${hash}`)
  const { rows, columns } = shape
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  // `dataTable` computes the same hash, but Node's implementation is faster. The bytes are hashed part by part, because
  // the main thread of a worker must also send heartbeats.
  const hashed = beginHash(rows, columns, nativeHasher)
  for (let first = 0; first < values.length; first += limits.partNumbers) {
    const { rows: parts } = await client.query<Columns<DataPartModel, 'bytes'>>(
      'select bytes from farm.data_part where data_hash = $1 and part = $2',
      [hash, first / limits.partNumbers],
    )
    const bytes = parts[0]?.bytes
    if (bytes?.length !== 8 * Math.min(limits.partNumbers, values.length - first)) throw damaged(hash)
    hashed.update(bytes)
    values.set(dataValues(bytes), first)
  }
  if (hashed.digest() !== hash) throw damaged(hash)
  return Object.freeze({ hash, rows, columns, values })
}

const damaged = (hash: string): LedgerError =>
  new LedgerError('DATA_DAMAGED', `the stored bytes of data set ${hash} do not match its hash`)

/**
 * Returns a function that reads the tables of a cell. The function keeps the tables of the last cell, since
 * neighbouring cells share them.
 */
export function dataReader(database: Database): (cell: Cell) => Promise<Tables> {
  let last: Tables = []
  return async (cell) => {
    const needed = dataReferencesOf(cell)
    // Tables that this cell does not need are dropped first, so that they are not in memory together with new ones.
    last = last.filter(({ hash }) => needed.some((reference) => reference.hash === hash))
    last = await readTables(cell, async (hash) => tableOf(last, { hash }) ?? (await readData(database, hash)))
    return last
  }
}

/** Many times as fast as a hash in JavaScript. */
export const nativeHasher: NewHasher = () => {
  const hash = createHash('sha256')
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') }
}
