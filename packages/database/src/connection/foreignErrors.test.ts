import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { driftfarmError } from '@driftfarm/formula'
import { type Ending, endingOf, thrownBy } from '@driftfarm/testing/foreign'
import { type PrivatePostgres, startPostgres } from '@driftfarm/testing/postgres'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PrismaClient } from '../generated/client.ts'
import { runReadOnly } from '../read/readOnly.ts'
import { migrate } from '../schema/migrate.ts'
import { watchedPool } from './client.ts'
import { openDatabase } from './database.ts'
import { isFull, isRetryable } from './retry.ts'

// Real errors of a real server: nothing here makes an error by hand.
let server: PrivatePostgres
let proxy: Proxy
beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: '20', deadlock_timeout: '10ms' } })
  await run(server.url(), 'create database probe')
  await migrate(server.url('probe'))
  await run(
    server.url('probe'),
    `create table public.counter (id int primary key, n int); insert into public.counter values (1, 0), (2, 0);
     create role worker login password 'right'; create role shut password 'right'`,
  )
  proxy = await startProxy(server.url('probe'))
})
afterAll(async () => {
  await proxy.close()
  await server.close()
})

const own = (): string => server.url('probe')
function as(user: string, password: string, database = 'probe'): string {
  const url = new URL(server.url(database))
  return Object.assign(url, { username: user, password }).href
}

async function connected(url = own()): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  onTestFinished(() => client.end().catch(() => undefined))
  await client.connect()
  return client
}

async function run(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.query(sql)
  } finally {
    void client.end().catch(() => undefined)
  }
}

function pooled(url: string, more: object = {}): pg.Pool {
  const pool = watchedPool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    ...more,
  })
  onTestFinished(() => pool.end())
  return pool
}

const prisma = (url: string, more?: object) => new PrismaClient({ adapter: new PrismaPg(pooled(url, more)) })

/** A statement under way, once the server is at it. */
async function sleeping(url = own(), work = (pool: pg.Pool): Promise<unknown> => pool.query('select pg_sleep(30)')) {
  const asking = await connected()
  const ended = work(pooled(url))
  ended.catch(() => undefined)
  const pid = async (): Promise<number | undefined> =>
    (await asking.query(`select pid from pg_stat_activity where query = 'select pg_sleep(30)'`)).rows[0]?.pid
  await expect.poll(pid, { interval: 10, timeout: 10_000 }).toBeDefined()
  return { ended, pid: (await pid())!, asking }
}

async function twoTransactions(isolation: string): Promise<[pg.Client, pg.Client]> {
  const clients = [await connected(), await connected()] as const
  for (const client of clients) await client.query(`begin isolation level ${isolation}`)
  return [...clients]
}
const add = (id: number): string => `update public.counter set n = n + 1 where id = ${id}`

type Real = readonly [what: string, work: () => Promise<unknown>, ending: Ending]

const running: readonly Real[] = [
  [
    'a serialization failure',
    async () => {
      const [one, other] = await twoTransactions('repeatable read')
      await other.query('select * from public.counter')
      await one.query(`${add(1)}; commit`)
      await other.query(add(1))
    },
    ['40001', 7, true],
  ],
  [
    'a deadlock',
    async () => {
      const [one, other] = await twoTransactions('read committed')
      await one.query(add(1))
      await other.query(add(2))
      await Promise.all([one.query(add(2)), other.query(add(1))])
    },
    ['40P01', 7, true],
  ],
  [
    'a row that is locked',
    async () => {
      const [one, other] = await twoTransactions('read committed')
      await one.query(add(1))
      await other.query('select * from public.counter for update nowait')
    },
    ['55P03', 7, true],
  ],
  [
    'a statement that takes too long',
    () => run(own(), 'set statement_timeout = 20; select pg_sleep(9)'),
    ['57014', 7, true],
  ],
  [
    'a transaction that was idle for too long',
    async () => {
      const client = await connected()
      await client.query('set idle_in_transaction_session_timeout = 20; begin')
      throw (await once(client, 'error'))[0]
    },
    ['25P03', 7, true],
  ],
  [
    'a session that an operator ended',
    async () => {
      const { ended, pid, asking } = await sleeping()
      await asking.query(`select pg_terminate_backend(${pid})`)
      await ended
    },
    ['57P01', 7, true],
  ],
  [
    'a statement on a connection that broke before',
    async () => {
      const client = await connected()
      const broken = once(client, 'error')
      await run(own(), `select pg_terminate_backend(${Reflect.get(client, 'processID')})`)
      await broken
      await client.query('select 1')
    },
    ['UNREACHABLE', 7, true],
  ],
  [
    'no free connection',
    async () => {
      for (let at = 0; at < 30; at++) await connected(as('worker', 'right'))
    },
    ['53300', 7, true],
  ],
  ['a wrong password', () => run(as('worker', 'wrong'), 'select 1'), ['28P01', 7, false]],
  ['an unknown login', () => run(as('nobody', 'x'), 'select 1'), ['28P01', 7, false]],
  ['a role that may not log in', () => run(as('shut', 'right'), 'select 1'), ['28000', 7, false]],
  ['no such database', () => run(server.url('none'), 'select 1'), ['3D000', 7, false]],
  [
    'a database that is closed for now',
    async () => {
      await run(server.url(), 'create database closed allow_connections false')
      await run(server.url('closed'), 'select 1')
    },
    ['UNREACHABLE', 7, true],
  ],
  ['no permission', () => run(as('worker', 'right'), 'select * from farm.worker'), ['42501', 4, false]],
  [
    'a read-only session',
    () => run(`${own()}?options=-c%20default_transaction_read_only=on`, add(1)),
    ['25006', 7, false],
  ],
  [
    'a connection that is reset in the middle of a statement',
    async () => {
      const { ended } = await sleeping(proxy.through(own()))
      proxy.reset()
      await ended
    },
    ['ECONNRESET', 7, true],
  ],
  [
    'a connection that falls silent',
    async () => {
      const pool = pooled(proxy.through(own()), { silence: { askAfterMs: 100, graceMs: 50 } })
      await pool.query('select 1')
      proxy.silence()
      await pool.query('select 1')
    },
    ['ETIMEDOUT', 7, true],
  ],
  [
    'a server that takes the connection and says nothing',
    async () => {
      proxy.admit('silent')
      onTestFinished(() => proxy.admit('all'))
      await pooled(proxy.through(own()), { connectionTimeoutMillis: 150 }).query('select 1')
    },
    ['UNREACHABLE', 7, true],
  ],
  [
    'a pool without a free connection',
    async () => {
      const pool = pooled(own(), { connectionTimeoutMillis: 500 })
      const client = await pool.connect()
      await pool.query('select 1').finally(() => client.release())
    },
    ['UNREACHABLE', 7, true],
  ],
  ['a wrong password for openDatabase', () => openDatabase({ url: as('worker', 'wrong') }), ['UNREACHABLE', 7, false]],
  ['a server without TLS', () => openDatabase({ url: `${own()}?sslmode=verify-full` }), ['UNREACHABLE', 7, false]],
  [
    'a name that no machine has',
    () => openDatabase({ url: 'postgresql://me@no-such-machine.invalid/x' }),
    ['UNREACHABLE', 7, true],
  ],
  ['a wrong password, of Prisma', () => prisma(as('worker', 'wrong')).worker.count(), ['28P01', 7, false]],
  ['no such database, of Prisma', () => prisma(server.url('none')).worker.count(), ['3D000', 7, false]],
  ['no permission, of Prisma', () => prisma(as('worker', 'right')).worker.count(), ['42501', 4, false]],
  [
    'a statement that takes too long, of Prisma',
    () => prisma(own(), { statement_timeout: 20 }).$queryRaw`select pg_sleep(9)::text`,
    ['57014', 7, true],
  ],
  [
    'a connection that is reset, of Prisma',
    async () => {
      proxy.admit('none')
      onTestFinished(() => proxy.admit('all'))
      await prisma(proxy.through(own())).worker.count()
    },
    ['UNREACHABLE', 7, true],
  ],
  [
    'a transaction that expired, of Prisma',
    () =>
      prisma(own()).$transaction(
        async (client) => {
          await delay(100)
          await client.worker.count()
        },
        { timeout: 20 },
      ),
    ['UNREACHABLE', 7, true],
  ],
  // Controls: what nobody expects stays so.
  ['a key that exists', () => run(own(), 'insert into public.counter values (1, 0)'), ['23505', 1, false]],
  ['a table that does not exist', () => run(own(), 'select * from nothing'), ['42P01', 1, false]],
  [
    'a key that exists, of Prisma',
    async () => {
      const data = { id: 'w', kind: 'run', host: 'h', pid: 1, threads: 2, kernel: 1 } as const
      await prisma(own()).worker.createMany({ data: [data, data] })
    },
    ['23505', 1, false],
  ],
  ['a defect', async () => (undefined as unknown as { id: string }).id, ['UNEXPECTED', 1, false]],
]

async function expectEnding(work: Real[1], ending: Ending): Promise<void> {
  const error = await thrownBy(work)
  expect(endingOf(driftfarmError(error))).toEqual(ending)
  expect(isRetryable(error)).toBe(ending[2])
  expect(isFull(error)).toBe(false)
}

test.each(running)('%s', (_, work, ending) => expectEnding(work, ending))

test('a reset while the reader waits is not an error in the statement', async () => {
  const url = proxy.through(own())
  await run(own(), `alter role driftfarm_reader login password 'right'`)
  const reader = Object.assign(new URL(url), { username: 'driftfarm_reader', password: 'right' }).href
  const asking = await connected()
  const ended = thrownBy(() => runReadOnly(reader, 'select pg_sleep(30)'))
  const isThere = async () =>
    (await asking.query(`select from pg_stat_activity where wait_event = 'PgSleep' and usename = 'driftfarm_reader'`))
      .rowCount
  await expect.poll(isThere, { interval: 10, timeout: 10_000 }).toBe(1)
  proxy.reset()
  expect(endingOf(driftfarmError(await ended))).toEqual(['UNREACHABLE', 7, true])
})

test('a server that crashes, shuts down and is unreachable', async () => {
  // Another process of the server dies, so it ends all sessions. It says why (57P02) in a warning, not in an error.
  const { ended } = await sleeping()
  const other = await connected()
  const { rows } = await other.query('select pg_backend_pid() as pid')
  process.kill(rows[0].pid, 'SIGKILL')
  const [code, ...rest] = endingOf(driftfarmError(await thrownBy(() => ended)))
  // As the connection ends with a farewell or without.
  expect(['UNREACHABLE', 'ECONNRESET']).toContain(code)
  expect(rest).toEqual([7, true])
  await expect.poll(() => run(own(), 'select 1').then(() => 'up', String), { timeout: 10_000 }).toBe('up')
  // It waits for the last session, and takes no new one.
  await connected()
  process.kill(server.pid, 'SIGTERM')
  await expect
    .poll(() => run(own(), 'select 1').then(() => 'up', String), { interval: 5, timeout: 10_000 })
    .not.toBe('up')
  await expectEnding(() => run(own(), 'select 1'), ['57P03', 7, true])
  // The address is right, so it is not to be checked.
  await expect(openDatabase({ url: own() })).rejects.toMatchObject({ hint: expect.stringContaining('in a moment') })
  await server.crash()
  await expectEnding(() => run(own(), 'select 1'), ['ECONNREFUSED', 7, true])
  await expectEnding(() => prisma(own()).worker.count(), ['UNREACHABLE', 7, true])
  await expectEnding(() => openDatabase({ url: own() }), ['UNREACHABLE', 7, true])
})
