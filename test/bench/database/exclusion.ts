/**
 * What the exclusion constraint on farm.pending costs an insert: one transaction a batch, and 1,000 batches at once.
 *
 *   node --import tsx test/bench/database/exclusion.ts
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Database, openDatabase, startEmbedded } from '@driftfarm/database'

const cells = 1_000
const batches = 100_000

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-bench-'))
  const server = await startEmbedded({ home })
  const database = await openDatabase({ url: server.url, max: 1 })
  try {
    await database.pool.query(
      `insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
       select md5(i::text), '{}', 1, '{}', '{}', '{}', '{}', 1 from generate_series(1, ${cells}) as i`,
    )
    console.log(`us an insert (after ${batches.toLocaleString('en')} batches of ${cells.toLocaleString('en')} cells)\n`)
    console.log('| constraint | one a statement | 1,000 a statement |\n|---|---|---|')
    console.log(`| exclusion | ${await measure(database)} |`)
    await database.pool.query('delete from farm.pending; alter table farm.pending drop constraint pending_ranges_apart')
    await database.pool.query('vacuum full farm.pending')
    console.log(`| none | ${await measure(database)} |`)
  } finally {
    await database.close()
    await server.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure({ pool }: Database): Promise<string> {
  const insert = `insert into farm.pending (cell_id, first, count)
    select md5((i % ${cells} + 1)::text), (i / ${cells} + 1) * 1000, 1000
    from generate_series($1::integer, $2::integer) as i`
  const begin = performance.now()
  for (let i = 0; i < batches; i += 1_000) await pool.query(insert, [i, i + 999])
  const many = ((performance.now() - begin) * 1_000) / batches
  const client = await pool.connect()
  await client.query('begin') // without the commit's own time
  const singly = 5_000
  const from = performance.now()
  for (let i = batches; i < batches + singly; i++) await client.query(insert, [i, i])
  const single = ((performance.now() - from) * 1_000) / singly
  await client.query('commit')
  client.release()
  return `${single.toFixed(0)} | ${many.toFixed(0)}`
}

await main()
