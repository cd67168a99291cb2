/**
 * How to keep outcomes: one row a trial, or column arrays a batch. Real outcomes of the double well, copied in binary
 * on a durable embedded server, then read by the first-exit histogram.
 *
 *   node --import tsx test/bench/database/outcomes.ts [trials]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Database, encodeOutcomeRow, openDatabase, startEmbedded } from '@driftfarm/database'
import { compile, Kernel, layoutOf, prepare } from '@driftfarm/kernel'
import { copy } from '../../../packages/database/src/connection/copy.ts'
import { doubleWell } from '../kernel/cells.ts'
import { encodeRows } from './rows.ts'

const trials = Number(process.argv[2] ?? 1_000_000)
const cell = doubleWell(1000)
const layout = layoutOf(cell)
const batchSizes = [100, 1_000, 10_000, 100_000]
const arrayColumns = [
  'offsets integer[]',
  'ends smallint[]',
  'exits smallint[]',
  'settled integer[]',
  'classes integer[]',
  ...['escaped_at', 'converged_at', 'steps'].map((name) => `${name} bigint[]`),
  ...['loss', 'distance'].map((name) => `${name} double precision[]`),
  'marks bigint[]',
]

interface Way {
  readonly name: string
  readonly create: string
  readonly encode: (first: number, records: Uint8Array) => Uint8Array
  readonly histogram: string
}

const rows: Way = {
  name: 'a row a trial',
  create: `create table kept (cell_id text, trial bigint, "end" smallint, exit smallint, settled integer, class integer,
    escaped_at bigint, converged_at bigint, steps bigint, loss double precision, distance double precision,
    marks bigint[], primary key (cell_id, trial))`,
  encode: (first, records) => encodeRows('0'.repeat(32), first, records, layout.bytes),
  histogram: 'select width_bucket(escaped_at, 1, 1001, 50), count(*) from kept where escaped_at > 0 group by 1',
}

const arrays = (name: string, storage: string): Way => ({
  name,
  create: [
    `create table kept (cell_id text, first bigint, ${arrayColumns.join(', ')}, primary key (cell_id, first))`,
    ...arrayColumns.map((column) => `alter table kept alter ${column.split(' ')[0]} set storage ${storage}`),
  ].join('; '),
  encode: (first, records) => encodeOutcomeRow('0'.repeat(32), first, records, layout, { kind: 'all' })!,
  histogram: `select width_bucket(e, 1, 1001, 50), count(*) from kept, unnest(escaped_at) as e where e > 0 group by 1`,
})

/** All columns unnested side by side: each row is built whole, and kept until the batch is done. */
const wide: Way = {
  ...arrays('arrays, unnested together', 'extended'),
  histogram: `select width_bucket(escaped_at, 1, 1001, 50), count(*) from (
      select nullif(t.escaped_at, 0) as escaped_at from kept o cross join lateral rows from (
        unnest(o.ends, o.exits, o.settled, o.classes, o.escaped_at, o.converged_at, o.steps, o.loss, o.distance,
        o.offsets))
        with ordinality as t ("end", exit, settled, class, escaped_at, converged_at, steps, loss, distance, "offset",
        n)) trial
    where escaped_at is not null group by 1`,
}

/** As the view `trial` does it: arrays that the query needs are read once a batch, then looked into by position. */
const byPosition: Way = {
  ...arrays('arrays, by position (the view)', 'extended'),
  histogram: `select width_bucket(escaped_at, 1, 1001, 50), count(*) from (
      select nullif(t.escaped_at, 0) as escaped_at, t.loss, t.distance from kept o cross join lateral (
        select a.escaped_at[a.i] as escaped_at, a.loss[a.i] as loss, a.distance[a.i] as distance from (
          select d.*, generate_series(1, d.kept) as i from (
            select cardinality(o.ends) as kept, o.escaped_at || '{}' as escaped_at, o.loss || '{}' as loss,
              o.distance || '{}' as distance, random() as fence) d) a) t) trial
    where escaped_at is not null group by 1`,
}

const ways = [rows, arrays('arrays, compressed', 'extended'), arrays('arrays, plain', 'external'), wide, byPosition]

async function main(): Promise<void> {
  const records = await compute()
  console.log(`${trials} outcomes of ${layout.bytes} bytes\n`)
  console.log('| way | batch | encoded, M/s | copied, M/s | bytes a trial | histogram, ms |\n|---|---|---|---|---|---|')
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-bench-'))
  const server = await startEmbedded({ home })
  const database = await openDatabase({ url: server.url, max: 1 })
  try {
    for (const way of ways) for (const size of batchSizes) console.log(await measure(database, way, size, records))
  } finally {
    await database.close()
    await server.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function compute(): Promise<Uint8Array> {
  const prepared = prepare(cell)
  const kernel = Kernel.create(await WebAssembly.compile((await compile(prepared.source)) as BufferSource), prepared)
  const piece = 10_000
  const all = new Uint8Array(trials * layout.bytes)
  for (let first = 0; first < trials; first += piece) {
    const count = Math.min(piece, trials - first)
    all.set(kernel.run(first, count, { keep: true, horizons: [] }).records!, first * layout.bytes)
  }
  return all
}

async function measure(database: Database, way: Way, size: number, records: Uint8Array): Promise<string> {
  const { pool } = database
  await pool.query(`drop table if exists kept; ${way.create}`)
  const begin = performance.now()
  const encoded: Uint8Array[] = []
  for (let first = 0; first < trials; first += size) {
    encoded.push(way.encode(first, records.subarray(first * layout.bytes, (first + size) * layout.bytes)))
  }
  const encodedAt = performance.now()
  const client = await pool.connect()
  // A commit each 100,000 trials, as some threads together would make them.
  for (let from = 0; from < encoded.length; from += Math.max(1, 100_000 / size)) {
    await copy(client, 'copy kept from stdin (format binary)', encoded.slice(from, from + Math.max(1, 100_000 / size)))
  }
  client.release()
  const copiedAt = performance.now()
  await pool.query('vacuum analyze kept')
  const bytes = await pool.query<{ bytes: number }>(`select pg_total_relation_size('kept') as bytes`)
  const times: number[] = []
  for (let run = 0; run < 3; run++) {
    const from = performance.now()
    await pool.query(way.histogram)
    times.push(performance.now() - from)
  }
  const rate = (from: number, to: number): string => (trials / 1000 / (to - from)).toFixed(2)
  return (
    `| ${way.name} | ${size} | ${rate(begin, encodedAt)} | ${rate(encodedAt, copiedAt)} | ` +
    `${(bytes.rows[0]!.bytes / trials).toFixed(1)} | ${Math.min(...times).toFixed(0)} |`
  )
}

await main()
