import { freshDatabase } from '@driftfarm/testing/database'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { watchedPool } from './client.ts'
import { type Database, openDatabase } from './database.ts'
import { isRetryable } from './retry.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let proxy: Proxy
const open: Database[] = []
beforeAll(async () => {
  fresh = await freshDatabase()
})
beforeEach(async () => {
  proxy = await startProxy(fresh.url)
  return async () => {
    await Promise.all(open.splice(0).map((database) => database.close()))
    await proxy.close()
  }
})
afterAll(() => fresh.drop())

async function through(max = 4, more = ''): Promise<Database> {
  const database = await openDatabase({
    url: `${proxy.through(fresh.url)}${more}`,
    max,
    silence: { askAfterMs: 200, graceMs: 100 },
  })
  open.push(database)
  return database
}

/**
 * Takes a lock on a connection of its own: who asks for it too has a statement that the server is at until it is given
 * up.
 */
async function hold(lock: number): Promise<{ holder: Database; giveUp(): Promise<unknown> }> {
  const holder = await openDatabase({ url: fresh.url, max: 1 })
  open.push(holder)
  await holder.pool.query('select pg_advisory_lock($1)', [lock])
  return { holder, giveUp: () => holder.pool.query('select pg_advisory_unlock($1)', [lock]) }
}

/** A client that hears nothing asks the server on a connection of its own, through the proxy too. */
function askedAgain(times: number): Promise<void> {
  return proxy.untilMade(proxy.made + times)
}

const ask = (database: Database) => database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')

test('a statement on a silent connection fails as retryable, and the pool opens new ones', async () => {
  const database = await through()
  // Four idle connections, all of which will be silent.
  const clients = await Promise.all(Array.from({ length: 4 }, () => database.pool.connect()))
  for (const client of clients) client.release()
  expect(proxy.silence()).toBe(4)
  const error = await ask(database).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'SilentConnection', code: 'ETIMEDOUT' })
  expect(isRetryable(error)).toBe(true)
  // The other three are gone with it: none costs the next statement as long again.
  for (let time = 0; time < 4; time++) await ask(database)
  expect(database.pool.totalCount).toBe(1)
})

test('a retried transaction succeeds at the first retry', async () => {
  const database = await through()
  let tries = 0
  const work = database.transaction(
    async (client) => {
      await client.query('create table if not exists farm.probe (n integer)')
      if (++tries === 1) proxy.silence()
      await client.query('insert into farm.probe values (1)')
    },
    { retry: true },
  )
  await work
  expect(tries).toBe(2)
  expect((await database.pool.query('select n from farm.probe')).rows).toEqual([{ n: 1 }])
})

test('a statement that the server is executing may take any time, far beyond the silence limit', async () => {
  // The server knows the connection by its name, whatever the URL says.
  const database = await through(1, `?application_name=${'x'.repeat(80)}`)
  const [first, second] = [await hold(1), await hold(2)]
  const slow = database.pool.query(`select pg_advisory_lock(1), 'slow' as answer`)
  await askedAgain(3)
  await first.giveUp()
  expect((await slow).rows[0]).toMatchObject({ answer: 'slow' })
  const within = database.transaction(async (client) => (await client.query('select pg_advisory_lock(2)')).rowCount)
  await askedAgain(3)
  await second.giveUp()
  expect(await within).toBe(1)
})

test('one whose response is lost is given up when the server has finished it, not before', async () => {
  const database = await through(1)
  const { pid } = (await ask(database)).rows[0]!
  const { holder, giveUp } = await hold(3)
  let ended = false
  const slow = database.pool
    .query('select pg_advisory_lock(3)')
    .catch((thrown: unknown) => thrown)
    .finally(() => {
      ended = true
    })
  const state = async () => {
    const { rows } = await holder.pool.query('select state from pg_stat_activity where pid = $1', [pid])
    return rows[0]?.state
  }
  await expect.poll(state, { timeout: 5_000 }).toBe('active')
  proxy.silence()
  await askedAgain(3)
  expect(ended).toBe(false)
  await giveUp()
  expect(await slow).toMatchObject({ name: 'SilentConnection' })
  expect(await state()).not.toBe('active')
})

test('while the server is unreachable nothing is decided; soon after, it is', async () => {
  const database = await through(2)
  await ask(database)
  proxy.silence()
  proxy.admit('none')
  const made = proxy.made
  const lost = ask(database).catch((thrown: unknown) => thrown)
  await proxy.untilMade(made + 3)
  proxy.admit('all')
  expect(await lost).toMatchObject({ name: 'SilentConnection' })
  await ask(database)
})

test('new connections that are accepted but never answered fail in bounded time', async () => {
  proxy.admit('silent')
  const refused = openDatabase({ url: proxy.through(fresh.url), silence: { askAfterMs: 200 }, connectMs: 300 })
  await expect(refused).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
})

test('closing does not wait for silent connections', async () => {
  const database = await through()
  await Promise.all([ask(database), ask(database)])
  proxy.silence()
  await database.close()
})

test('one that only listens is tested regularly, and notifies its user when it is silent', async () => {
  const pool = watchedPool({
    connectionString: proxy.through(fresh.url),
    max: 1,
    checkIdleMs: 100,
    silence: { askAfterMs: 200, graceMs: 100 },
  })
  const client = await pool.connect()
  await client.query('listen somebody')
  const told = new Promise<Error>((resolve) => client.once('error', resolve))
  expect(proxy.silence()).toBe(1)
  expect(await told).toMatchObject({ name: 'SilentConnection' })
  client.release(true)
  await pool.query('select 1')
  await pool.end()
})
