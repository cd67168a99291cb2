import { createServer, type Socket } from 'node:net'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseError } from '../errors.ts'
import { withoutPassword } from './connect.ts'
import { type Database, openDatabase } from './database.ts'
import { isRetryable, retrying } from './retry.ts'

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url, max: 4 })
  await database.pool.query('create table farm.counter (id integer primary key, n bigint not null)')
  await database.pool.query('insert into farm.counter values (1, 0)')
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const counter = async (): Promise<unknown> =>
  (await database.pool.query<{ n: number }>('select n from farm.counter where id = 1')).rows[0]?.n

describe('openDatabase', () => {
  it('reads 64-bit integers exactly: numbers if that is safe, otherwise bigints', async () => {
    const { rows } = await database.pool.query(
      `select 9007199254740991 as safe, 9007199254740992 as big, -9223372036854775808 as least,
         '{1,9007199254740993}'::bigint[] as many, '{}'::bigint[] as none, 1e30::numeric as decimal`,
    )
    expect(rows).toEqual([
      {
        safe: 9007199254740991,
        big: 9007199254740992n,
        least: -9223372036854775808n,
        many: [1, 9007199254740993n],
        none: [],
        decimal: '1000000000000000000000000000000',
      },
    ])
  })

  it('loads Prisma on request, on the same connections', async () => {
    const prisma = await database.prisma()
    await prisma.worker.create({ data: { id: 'w', kind: 'run', host: 'h', pid: 1, threads: 2, kernel: 1 } })
    expect(await database.prisma()).toBe(prisma)
    const { rows } = await database.pool.query('select id, state, batches from farm.worker')
    expect(rows).toEqual([{ id: 'w', state: 'alive', batches: 0 }])
    expect(database.pool.totalCount).toBeLessThanOrEqual(4)
  })

  it('fails at once and names the server, not the password', async () => {
    const nobody = openDatabase({ url: 'postgresql://me:secret@127.0.0.1:1/x' })
    await expect(nobody).rejects.toMatchObject({ code: 'UNREACHABLE', exit: 7, retryable: true })
    await expect(nobody).rejects.toThrow('postgresql://me:***@127.0.0.1:1/x')
    await expect(openDatabase({ url: 'mysql://me:secret@x/y' })).rejects.toMatchObject({ code: 'URL', exit: 2 })
  })

  it('says what to do if the server refuses the login, or offers no TLS', async () => {
    const wrong = new URL(fresh.url)
    wrong.password = 'wrong'
    const refused = openDatabase({ url: wrong.href })
    await expect(refused).rejects.toMatchObject({ code: 'UNREACHABLE', hint: expect.stringContaining('password') })
    const open = openDatabase({ url: `${fresh.url}?sslmode=verify-full` })
    await expect(open).rejects.toMatchObject({ code: 'UNREACHABLE', hint: expect.stringContaining('certificate') })
  })

  it('survives broken connections', async () => {
    const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
    await openAnd((other) => other.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]))
    await expect
      .poll(() => database.transaction(async (client) => client.query('select 1'), { retry: true }))
      .toBeDefined()
  })
})

async function openAnd(work: (other: Database) => Promise<unknown>): Promise<void> {
  const other = await openDatabase({ url: fresh.url, max: 1 })
  await work(other).finally(() => other.close())
}

describe('transaction', () => {
  it('rolls back what throws', async () => {
    const before = await counter()
    const failing = database.transaction(async (client) => {
      await client.query('update farm.counter set n = n + 1')
      throw new RangeError('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await counter()).toBe(before)
  })

  it('retries after conflicts until all succeed', async () => {
    const before = Number(await counter())
    const add = () =>
      database.transaction(
        async (client) => {
          const { rows } = await client.query<{ n: number }>('select n from farm.counter where id = 1')
          await client.query('update farm.counter set n = $1 where id = 1', [Number(rows[0]?.n) + 1])
        },
        { retry: true, isolation: 'serializable' },
      )
    await Promise.all(Array.from({ length: 12 }, add))
    expect(await counter()).toBe(before + 12)
  })

  it('retries on a new connection when its connection breaks', async () => {
    let tries = 0
    const n = await database.transaction(
      async (client) => {
        if (++tries === 1) {
          await openAnd(async (other) => {
            const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
            await other.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
          })
        }
        return (await client.query<{ n: number }>('select 7 as n')).rows[0]?.n
      },
      { retry: true },
    )
    expect([n, tries]).toEqual([7, 2])
  })

  it('does not retry without the option, nor longer than the limit', async () => {
    let tries = 0
    const conflict = () => {
      tries++
      throw Object.assign(new Error('conflict'), { code: '40001' })
    }
    await expect(database.transaction(conflict)).rejects.toThrow('conflict')
    expect(tries).toBe(1)
    await expect(retrying(() => database.transaction(conflict), 100)).rejects.toThrow('conflict')
    expect(tries).toBeGreaterThan(2)
  })
})

it('gives up on a server that accepts connections and does not respond', async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const opened = openDatabase({ url: `postgresql://me@127.0.0.1:${port}/x`, connectMs: 200 })
  await expect(opened).rejects.toMatchObject({ code: 'UNREACHABLE' })
  for (const socket of sockets) socket.destroy()
  silent.close()
})

describe('isRetryable', () => {
  it.each([
    '40001',
    '40P01',
    '57014',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    '08006',
    '08P01',
    'P1001',
    'P1017',
    'P2024',
    'P2028',
    'P2034',
    'ECONNRESET',
    'ECONNREFUSED',
    'ETIMEDOUT',
  ])('takes %s', (code) => expect(isRetryable(Object.assign(new Error('x'), { code }))).toBe(true))
  it.each(['23505', '42P01', '22003', 'ENOENT'])('leaves %s', (code) =>
    expect(isRetryable(Object.assign(new Error('x'), { code }))).toBe(false),
  )
  it('recognises errors of pg without a code', () => {
    expect(isRetryable(new Error('Connection terminated unexpectedly'))).toBe(true)
    expect(isRetryable(new Error('something else'))).toBe(false)
    expect(isRetryable(new DatabaseError('UNREACHABLE', 'x'))).toBe(true)
    expect(isRetryable(new DatabaseError('DATA_VERSION', 'x'))).toBe(false)
  })
})

it('hides passwords everywhere in a URL', () => {
  expect(withoutPassword('postgres://a:b@c/d?password=e&x=1')).toBe('postgres://a:***@c/d?password=***&x=1')
  expect(withoutPassword('postgres://a@c/d')).toBe('postgres://a@c/d')
})
