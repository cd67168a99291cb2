import { openFresh } from '@driftfarm/testing/ledger'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BinaryRows } from './binaryRows.ts'
import { copy } from './copy.ts'
import { type Database, inOneRoundTrip, openDatabase } from './database.ts'
import { prepared, runDeferred } from './prepared.ts'

let farm: Awaited<ReturnType<typeof openFresh>>
/** Of one connection: what a transaction leaves behind meets the next one. */
let database: Database
beforeAll(async () => {
  farm = await openFresh()
  database = await openDatabase({ url: farm.database.url, max: 1 })
  await database.pool.query('create table farm.line (n int primary key)')
})
afterAll(async () => {
  await database.close()
  await farm.drop()
})
beforeEach(() => database.pool.query('delete from farm.line'))

const insert = prepared('insert into farm.line values ($1)')
const put = (client: pg.ClientBase, n: number) => runDeferred(client, insert, [n])
const stored = async () => (await database.pool.query<{ n: number }>('select n from farm.line order by n')).rows
const lines = (...numbers: number[]) => numbers.map((n) => ({ n }))

describe.each([true, false])('ahead, in a transaction that keeps plans: %s', (keepsPlans) => {
  test('statements are run in their order, and committed', async () => {
    const seen = await database.transaction(
      async (client) => {
        put(client, 1)
        put(client, 2)
        return (await client.query('select n from farm.line order by n')).rows
      },
      { keepsPlans },
    )
    expect([seen, await stored()]).toEqual([lines(1, 2), lines(1, 2)])
  })

  test.each([
    ['the last', () => undefined],
    ['before one that is waited for', (client: pg.ClientBase) => client.query('select 1')],
    ['before another', (client: pg.ClientBase) => put(client, 3)],
    ['before COPY', (client: pg.ClientBase) => copied(client, 3)],
  ])('a statement that fails, %s, fails the transaction with its error, and nothing is stored', async (_, then) => {
    const failing = database.transaction(
      async (client) => {
        put(client, 1)
        put(client, 1)
        await then(client)
      },
      { keepsPlans },
    )
    await expect(failing).rejects.toMatchObject({ code: '23505', table: 'line' })
    expect(await stored()).toEqual([])
  })

  test('work that throws stores nothing, and the connection serves the next', async () => {
    const failing = database.transaction(
      async (client) => {
        put(client, 1)
        throw new Error('changed my mind')
      },
      { keepsPlans },
    )
    await expect(failing).rejects.toThrow('changed my mind')
    await database.transaction(async (client) => put(client, 2), { keepsPlans })
    expect(await stored()).toEqual(lines(2))
  })

  test('COPY comes after the statements before it', async () => {
    await database.transaction(
      async (client) => {
        put(client, 1)
        await copied(client, 2)
        put(client, 3)
      },
      { keepsPlans },
    )
    expect(await stored()).toEqual(lines(1, 2, 3))
  })
})

describe('in one round trip', () => {
  test('a statement is committed with its result', async () => {
    const { rows } = await inOneRoundTrip(database.pool, prepared('insert into farm.line values ($1) returning n'), [7])
    expect([rows, await stored()]).toEqual([lines(7), lines(7)])
  })

  test('one that fails is rolled back, and the connection serves the next', async () => {
    await inOneRoundTrip(database.pool, insert, [7])
    await expect(inOneRoundTrip(database.pool, insert, [7])).rejects.toMatchObject({ code: '23505' })
    await inOneRoundTrip(database.pool, insert, [8])
    expect(await stored()).toEqual(lines(7, 8))
  })
})

async function copied(client: pg.ClientBase, n: number): Promise<void> {
  await copy(client, 'copy farm.line from stdin (format binary)', [new BinaryRows().row(1).int4(n).bytes])
}
