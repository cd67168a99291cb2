import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { startPostgres } from '@driftfarm/testing/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import { runReadOnly } from '../read/readOnly.ts'
import { newPassword, prepareReader, readerUrl } from './reader.ts'
import { readerRole } from './roles.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await withClient(fresh.url, (client) =>
    client.query(
      `insert into farm.worker (id, kind, host, pid, threads, kernel) values ('w1', 'worker', 'h', 1, 2, 1)`,
    ),
  )
})
afterAll(() => fresh.drop())

async function all(sql: string, url = fresh.readerUrl): Promise<{ columns: unknown; rows: unknown[] }> {
  const { columns, rows } = await runReadOnly(url, sql)
  const read: unknown[] = []
  for await (const row of rows) read.push(row)
  return { columns, rows: read }
}

describe('the reader', () => {
  const asReader = (sql: string) => withClient(fresh.readerUrl, (client) => client.query(sql))

  it.each([
    ...'sweep cell trial observed replica weighted batch worker failure data contrast queue exact action'.split(' '),
  ])('reads %s', async (view) => {
    await expect(asReader(`select * from ${view}`)).resolves.toBeDefined()
  })

  it.each([`select * from cells('nothing')`, `select cells_query('nothing')`, `select sweep_id('nothing')`])(
    'may call: %s',
    async (sql) => {
      await expect(asReader(sql)).rejects.toThrow('no sweep nothing')
    },
  )

  it.each([
    'select * from farm.sweep',
    'select farm.define_cells()',
    'select * from farm.sweeps_meant($$x$$)',
    'drop function cells(text)',
    'select * from farm.outcome',
    'select * from public._prisma_migrations',
    'insert into farm.leader values (1, $$x$$, $$run$$, 1, now())',
    'delete from worker',
    'update worker set pid = 2',
    `select pg_read_file('/etc/passwd')`,
    `select pg_ls_dir('/')`,
    `select lo_from_bytea(0, 'x')`,
    `copy (select 1) to program 'true'`,
    `copy (select 1) to '/tmp/x'`,
    'create table public.mine (a integer)',
    'create temporary table mine (a integer)',
    'create schema mine',
    'create role other',
    'set role driftfarm',
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'driftfarm'`,
    'checkpoint',
    `alter role driftfarm_reader password 'x' superuser`,
  ])('may not: %s', async (sql) => {
    // Whatever it sets for itself: that transactions are read-only is convenience, its rights are what holds.
    const refused = withClient(fresh.readerUrl, async (client) => {
      await client.query('set default_transaction_read_only = off')
      const { rowCount, command } = await client.query(sql)
      if (command === 'SELECT' && rowCount === 0) throw Object.assign(new Error('sees nothing'), { code: '42501' })
    })
    await expect(refused).rejects.toMatchObject({ code: '42501' })
  })

  it('owns nothing, is read-only and has a limit of 60 s', async () => {
    const settings = await asReader(
      `select current_setting('statement_timeout') as timeout,
        current_setting('default_transaction_read_only') as "readOnly"`,
    )
    expect(settings.rows).toEqual([{ timeout: '1min', readOnly: 'on' }])
    const owned = await withClient(fresh.url, (client) =>
      client.query(`select 1 from pg_class where relowner = 'driftfarm_reader'::regrole`),
    )
    expect(owned.rowCount).toBe(0)
  })
})

describe('runReadOnly', () => {
  it('gives columns with their types, and values', async () => {
    const { columns, rows } =
      await all(`select id, threads, trials, seen_at > now() as later, cpu_seconds, null as nothing,
      2::bigint ^ 62 as much, 9007199254740993 as exact, 'NaN'::float8 as nan, '{"a": 1}'::jsonb as json from worker`)
    expect(columns).toEqual([
      { name: 'id', type: 'text' },
      { name: 'threads', type: 'integer' },
      { name: 'trials', type: 'bigint' },
      { name: 'later', type: 'boolean' },
      { name: 'cpu_seconds', type: 'double precision' },
      { name: 'nothing', type: 'text' },
      { name: 'much', type: 'double precision' },
      { name: 'exact', type: 'bigint' },
      { name: 'nan', type: 'double precision' },
      { name: 'json', type: 'jsonb' },
    ])
    expect(rows).toEqual([['w1', 2, 0, false, 0, null, 2 ** 62, 9007199254740993n, Number.NaN, { a: 1 }]])
  })

  it('streams many rows, separates columns of one name, and may be stopped early', async () => {
    const { rows } = await all('select n, n * 2 as n from generate_series(1, 2500) as n;')
    expect(rows).toHaveLength(2500)
    expect(rows[2499]).toEqual([2500, 5000])
    const endless = await runReadOnly(fresh.readerUrl, 'select generate_series(1, 100000000)')
    for await (const row of endless.rows) {
      expect(row).toEqual([1])
      break
    }
  })

  it('accepts with, values, table, explain and show', async () => {
    expect((await all('with a as (select 1 as x) select * from a -- the end')).rows).toEqual([[1]])
    expect((await all('values (1), (2) ; ')).rows).toEqual([[1], [2]])
    expect((await all('table worker')).rows).toHaveLength(1)
    expect((await all('explain select 1')).rows).toHaveLength(1)
    expect((await all('show timezone')).rows).toEqual([['UTC']])
  })

  it.each([
    ['select 1; select 2', /multiple commands/],
    ['delete from worker', /syntax error at or near "delete" \(at character 1\)/],
    ['with gone as (delete from worker returning *) select * from gone', /data-modifying|cannot delete/],
    ['explain analyze insert into farm.leader values (1)', /permission denied/],
    ['select * from wroker', /relation "wroker" does not exist \(at character 15\)/],
    ['select * from farm.cell', /permission denied/],
    [`select set_config('transaction_read_only', 'off', true)`, /read-write mode/],
    ['commit', /syntax error/],
    ['', /empty/],
  ])('refuses %s', async (sql, message) => {
    await expect(all(sql)).rejects.toMatchObject({ code: 'QUERY', exit: 2, message: expect.stringMatching(message) })
  })

  it('says what to do about a name that several tables have', async () => {
    await expect(all('select cell from trial join batch on true')).rejects.toMatchObject({
      code: 'QUERY',
      message: expect.stringContaining('ambiguous'),
      hint: expect.stringContaining('from trial t'),
    })
  })

  it('refuses a login that may do more', async () => {
    await expect(all('select 1', fresh.url)).rejects.toMatchObject({
      code: 'READER',
      message: expect.stringMatching(/^The login of postgresql:\/\/driftfarm:\*\*\*@/),
    })
  })

  it('reports that the server does not respond, without the password', async () => {
    const error = await all('select 1', 'postgresql://driftfarm_reader:secret@127.0.0.1:1/x').catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'UNREACHABLE', exit: 7, message: expect.stringContaining('ECONNREFUSED') })
    expect(String(error)).not.toContain('secret')
  })
})

it('builds the URL of the reader, whatever is in the password', () => {
  expect(readerUrl('postgres://me:p%40ss@db.example:6432/farm?sslmode=require', 'a b@/:')).toBe(
    'postgres://driftfarm_reader:a%20b%40%2F%3A@db.example:6432/farm?sslmode=require',
  )
  expect(newPassword()).toMatch(/^[\w-]{24}$/)
})

if (full)
  it('is set up by migrations of several databases of one server at the same time', { timeout: 60_000 }, async () => {
    const server = await startPostgres()
    try {
      const asOwner = (sql: string) => withClient(server.url(), (client) => client.query(sql))
      await asOwner(`create role ${readerRole}`)
      for (let round = 0; round < 10; round++) {
        await asOwner(`alter role ${readerRole} reset all`)
        await Promise.all(Array.from({ length: 6 }, () => withClient(server.url(), (client) => prepareReader(client))))
      }
      const { rows } = await asOwner('select cardinality(setconfig) as settings from pg_db_role_setting')
      expect(rows).toEqual([{ settings: 6 }])
    } finally {
      await server.close()
    }
  })
