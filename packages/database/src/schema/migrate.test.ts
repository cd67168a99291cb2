import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { emptyDatabase, type FreshDatabase } from '@driftfarm/testing/database'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseReference } from '../../scripts/databaseReference.ts'
import { migrationsModule } from '../../scripts/migrationsModule.ts'
import { withClient } from '../connection/connect.ts'
import { openDatabase } from '../connection/database.ts'
import { dumpDatabase } from './dump.ts'
import { databaseInfo } from './info.ts'
import { migrate, migrationState } from './migrate.ts'
import { migrations } from './migrations.generated.ts'

let empty: FreshDatabase
beforeAll(async () => {
  empty = await emptyDatabase()
})
afterAll(() => empty.drop())

const run = (sql: string, url = empty.url) => withClient(url, (client) => client.query(sql))

describe('migrate', () => {
  it('migrates an empty database once, even with concurrent attempts', async () => {
    expect(await migrationState(empty.url)).toBe('behind')
    const applied = await Promise.all([migrate(empty.url), migrate(empty.url), migrate(empty.url)])
    expect(applied.flat().sort()).toEqual(migrations.map(({ name }) => name))
    expect(await migrationState(empty.url)).toBe('current')
    expect(await migrate(empty.url)).toEqual([])
  })

  it('writes the table that Prisma would', async () => {
    const { rows } = await run(
      'select migration_name, checksum, applied_steps_count, finished_at >= started_at as finished from ' +
        '_prisma_migrations order by 1',
    )
    const expected = migrations.map(({ name, sql }) => ({
      migration_name: name,
      checksum: createHash('sha256').update(sql).digest('hex'),
      applied_steps_count: 1,
      finished: true,
    }))
    expect(rows).toEqual(expected)
  })

  it('refuses a database with other or newer migrations', async () => {
    await run(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at)
        values ('x', 'x', '2999_later', now())`,
    )
    expect(await migrationState(empty.url)).toBe('ahead')
    await expect(migrate(empty.url)).rejects.toMatchObject({ code: 'MIGRATION_AHEAD', exit: 6 })
    await run(`delete from _prisma_migrations where id = 'x'`)
    const edit = (to: string) =>
      run(`update _prisma_migrations set checksum = ${to} where migration_name like '%_tables'`)
    await edit(`reverse(checksum)`)
    await expect(migrationState(empty.url)).rejects.toMatchObject({
      code: 'MIGRATION_EDITED',
      exit: 6,
      message: /_tables/,
    })
    await edit(`reverse(checksum)`)
    expect(await migrationState(empty.url)).toBe('current')
  })

  it('rolls back a failed migration', async () => {
    const other = await emptyDatabase()
    try {
      await run('create view public.worker as select 1 as mine', other.url)
      await expect(migrate(other.url)).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: /_views: .*worker/ })
      expect(await migrationState(other.url)).toBe('behind')
      const views = await run(`select viewname from pg_views where schemaname = 'public'`, other.url)
      expect(views.rows).toEqual([{ viewname: 'worker' }])
    } finally {
      await other.drop()
    }
  })
})

it('upgrades a database with sweeps: their list shows what it would show had they been submitted today', async () => {
  const old = await emptyDatabase()
  const last = migrations.findIndex(({ name }) => name.startsWith('20261203'))
  const all = migrations as { name: string; sql: string }[]
  const later = all.splice(last + 1)
  const rows = async (sql: string) => (await run(sql, old.url)).rows
  try {
    expect(await migrate(old.url)).toHaveLength(last + 1)
    const estimate = (value: number, half: number) =>
      JSON.stringify({ escape: { value, low: value - half, high: value + half } })
    await run(
      `insert into farm.sweep (id, name, seed, state, spec, plan, demand, axes, cells, max_trials, tags)
         values ('s', 'map', '1', 'complete', E'landscape:\n  preset: "double-well" # a comment', '', '{"trials": 9}',
                 '["let.T", "update.rule"]', 3, 27, '{"part": "first"}'),
                ('t', 'other', '1', 'running', 'landscape: { formula: {} }', '', '{"until": {"rules":
                 [{"estimate": "mean(loss)"}]}}', '[]', 1, 9, '{}');
       insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon, settings)
         select 'c' || i, '{}', 2, '{""}', '{}', '{}', '{}', 9, '{"landscape.expression": "x^2"}'
           from generate_series(0, 3) i;
       insert into farm.request (sweep_id, index, cell_id, params, target, state, estimates)
         values ('s', 0, 'c0', '{"let.T": 2, "update.rule": "adam"}', 9, 'done', '${estimate(0.5, 0.03125)}'),
                ('s', 1, 'c1', '{"let.T": 10, "update.rule": "adam"}', 9, 'done', '${estimate(0.001, 0.005)}'),
                ('s', 2, 'c2', '{"let.T": 2, "update.rule": "gradient"}', 9, 'done', '${estimate(0.5, 0.25)}'),
                ('t', 0, 'c3', '{}', 9, 'open', '${estimate(0.5, 0.25)}')`,
      old.url,
    )
    all.push(...later)
    expect(await migrate(old.url)).toHaveLength(later.length)
    expect(
      await rows(
        'select landscape, ranges, measured, precise, widest, title, reused, tags from farm.sweep order by id',
      ),
    ).toEqual([
      {
        landscape: 'double-well',
        ranges: [
          { path: 'let.T', from: 2, to: 10, count: 2 },
          { path: 'update.rule', from: 'adam', to: 'gradient', count: 2 },
        ],
        ...{ measured: 3, precise: 2, widest: { cell: 2, half: 0.25 } },
        ...{ title: null, reused: null, tags: { part: 'first' } },
      },
      { landscape: 'x^2', ranges: [], measured: 0, precise: 0, widest: null, title: null, reused: null, tags: {} },
    ])
    await run(`update farm.sweep set title = 'A', notes = 'b', own_tags = '{"c": "d"}' where id = 's'`, old.url)
    expect(await migrate(old.url)).toEqual([])
    expect(await rows(`select title, notes, tags from sweep where id = 's'`)).toEqual([
      { title: 'A', notes: 'b', tags: { c: 'd' } },
    ])
  } finally {
    if (all.length === last + 1) all.push(...later)
    await old.drop()
  }
})

it('has a generated module that matches the migrations', () => {
  const file = fileURLToPath(new URL('./migrations.generated.ts', import.meta.url))
  expect(readFileSync(file, 'utf8')).toBe(migrationsModule())
})

it('documents every column of the views as in the catalog', async () => {
  const file = fileURLToPath(new URL('../../../../docs/reference/database.md', import.meta.url))
  expect(readFileSync(file, 'utf8')).toBe(await databaseReference(empty.url))
})

it('reports the facts for doctor', async () => {
  const database = await openDatabase({ url: empty.url, max: 1 })
  const info = await databaseInfo(database)
  await database.close()
  expect(info).toMatchObject({
    version: expect.stringMatching(/^18\.\d+$/),
    migrations: 'current',
    connections: { max: 60 },
  })
  expect(info.settings.TimeZone).toBe('UTC')
  expect(info.sizeBytes).toBeGreaterThan(info.outcomeBytes)
})

it('dumps a database that psql could restore, exactly', async () => {
  await run(`insert into farm.data (hash, rows, columns) values ('${'a'.repeat(64)}', 1, 1)`)
  await run(`insert into farm.data_part values ('${'a'.repeat(64)}', 0, '\\x0a5c09ff00000000')`)
  await run(`insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon, cost,
    data_hash)
    values ('c', '{"a": "tab\t, line\n, \\\\"}', 1, '{a,"b,c"}', '{}', '{}', '{}', 5, 0.1, '${'a'.repeat(64)}')`)
  await run(`insert into farm.batch (cell_id, first, count, record, generation, attempts, failures, vanished,
    cpu_seconds, digest, tally) values ('c', 0, 3, '{"kind": "all"}', 1, 1, 0, 0, 0.1, '', '{}')`)
  await run(`insert into farm.pending (cell_id, first, count, bundle) values ('c', 3, 3, 7)`)
  await run(`insert into farm.bundle (id, sweep_id, kernel, trials) values (7, 's', 1, 3)`)
  await run(
    `insert into farm.outcome values ('c', 0, null, '{0,1,2}', '{0,0,0}', '{0,0,0}', '{0,0,0}', '{1,2,3}', '{0,0,0}',
      '{1,2,3}', '{NaN,Infinity,5e-324}', '{0.1,1e15,3}', '{}')`,
  )
  await run(
    `insert into farm.failure (cell_id, first, count, generation, kind, message) values ('c', 0, 3, 1, 'throw', 'x')`,
  )
  await run(`insert into farm.cells_column (name, type) values ('update.eta', 'double precision')`)
  const dump = await dumpText(empty.url)
  const restored = await emptyDatabase()
  try {
    await withClient(restored.url, (client) => restore(client, dump))
    expect(await dumpText(restored.url)).toBe(dump)
    const { rows } = await run(`select pg_get_function_result('cells(text)'::regprocedure) as columns`, restored.url)
    expect(rows[0]!.columns).toContain('digest text, "update.eta" double precision')
    expect(await migrationState(restored.url)).toBe('current')
  } finally {
    await restored.drop()
  }
})

it('has no function that pg_dump would write in a form that cannot be restored', async () => {
  // PostgreSQL 15 does so with an argument that has no name, in a body that is parsed when the function is made.
  const wrong = `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('farm', 'public') and p.prosqlbody is not null and p.pronargs > 0
      and (p.proargnames is null or '' = any (p.proargnames[1:p.pronargs]))`
  expect((await run(wrong)).rows).toEqual([])
  await run(`create function farm.nameless(text) returns text language sql begin atomic select $1; end`)
  expect((await run(wrong)).rows).toEqual([{ name: 'nameless' }])
  await run(`drop function farm.nameless(text)`)
})

// As psql does: statements up to a COPY, its lines up to \\., and on.
async function restore(client: pg.Client, dump: string): Promise<void> {
  let statements = ''
  const lines = dump.split('\n')[Symbol.iterator]()
  for (const line of lines) {
    if (!/^copy .* from stdin;$/.test(line)) {
      statements += `${line}\n`
      continue
    }
    await client.query(statements)
    statements = ''
    const stream = client.query(copyFrom(line))
    for (let data = lines.next().value; data !== '\\.'; data = lines.next().value) stream.write(`${data}\n`)
    await finished(stream.end())
  }
  await client.query(statements)
}

async function dumpText(url: string): Promise<string> {
  let text = ''
  await dumpDatabase(url, async (dump) => {
    for await (const piece of dump) text += piece
  })
  return text
}
