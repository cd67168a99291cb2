import { createHash } from 'node:crypto'
import {
  type Cell,
  type DataTable,
  dataReferencesOf,
  hashSteps,
  isBytes,
  type NewHasher,
  readTables,
  storedBytes,
  type Tables,
  type TableValues,
  tableOf,
} from '@driftfarm/spec'
import type pg from 'pg'
import type { Database } from '../connection/database.ts'
import { LedgerError } from './errors.ts'
import { limits } from './limits.ts'
import type { Columns } from './rows.ts'

/** The columns of `farm.cell` that name its tables. */
export function tableHashesOf(cell: Cell): Readonly<Record<'data' | 'test' | 'start', string | null>> {
  const { landscape } = cell
  const { data, test = null } = landscape.kind === 'population' ? { data: null } : landscape
  const start = dataReferencesOf(cell).find((each) => each !== data && each !== test)
  return { data: data?.hash ?? null, test: test?.hash ?? null, start: start?.hash ?? null }
}

/** Only one submission at a time stores data, in one transaction. So a data set that is already stored is complete. */
export async function insertData(client: pg.PoolClient, table: DataTable): Promise<void> {
  const { hash, rows, columns, values } = table
  const { divide, scaled } = isBytes(values) ? values : { divide: null, scaled: null }
  const { rowCount } = await client.query(
    `insert into farm.data (hash, rows, columns, divide, scaled) values ($1, $2, $3, $4, $5)
     on conflict (hash) do nothing`,
    [hash, rows, columns, divide, scaled],
  )
  if (rowCount === 0) return
  const stored = storedBytes(values)
  const bytes = partBytes(values)
  for (let part = 0; part * bytes < stored.length; part++)
    await client.query('insert into farm.data_part (data_hash, part, bytes) values ($1, $2, $3)', [
      hash,
      part,
      stored.subarray(part * bytes, (part + 1) * bytes),
    ])
}

export async function collectData(client: pg.PoolClient, hashes: readonly string[]): Promise<void> {
  await client.query(
    `delete from farm.data d where d.hash = any($1)
        and not exists (select from farm.cell c where c.data_hash = d.hash)
        and not exists (select from farm.cell c where c.test_hash = d.hash)
        and not exists (select from farm.cell c where c.start_hash = d.hash)`,
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
  const found = await client.query<Columns<'Data', 'rows' | 'columns' | 'divide' | 'scaled'>>(
    'select rows, columns, divide, scaled from farm.data where hash = $1',
    [hash],
  )
  const [shape] = found.rows
  if (shape === undefined) throw new LedgerError('DATA_NOT_FOUND', `no data set ${hash}`)
  const { rows, columns, divide, scaled } = shape
  const shared = (bytes: number) => new SharedArrayBuffer(bytes * rows * columns)
  const values: TableValues =
    divide === null || scaled === null
      ? new Float64Array(shared(8))
      : { bytes: new Uint8Array(shared(1)), divide, scaled }
  const stored = storedBytes(values)
  const size = partBytes(values)
  for (let first = 0; first < stored.length; first += size) {
    const { rows: parts } = await client.query<Columns<'DataPart', 'bytes'>>(
      'select bytes from farm.data_part where data_hash = $1 and part = $2',
      [hash, first / size],
    )
    const bytes = parts[0]?.bytes
    if (bytes?.length !== Math.min(size, stored.length - first)) throw damaged(hash)
    stored.set(bytes, first)
  }
  // The main thread of a worker must also send heartbeats.
  const hashing = hashSteps({ rows, columns, values }, nativeHasher)
  let step = hashing.next()
  for (; step.done !== true; step = hashing.next()) await new Promise(setImmediate)
  if (step.value !== hash) throw damaged(hash)
  return Object.freeze({ hash, rows, columns, values })
}

/** Size of a stored part in bytes; only the last part is shorter. */
const partBytes = (values: TableValues): number => limits.partNumbers * (isBytes(values) ? 1 : 8)

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
