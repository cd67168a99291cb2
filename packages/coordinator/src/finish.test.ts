import { acquireLeadership, type Database, finishSweep, sweepStatus } from '@driftfarm/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'

type Client = Parameters<Parameters<Database['transaction']>[0]>[0]

let farm: Farm
let id: string
let epoch: number
beforeAll(async () => {
  farm = await Farm.open()
  await farm.work()
})
afterAll(() => farm.close())

/** Ends the sweep again, whose row is changed while its invariants are looked at the first time. Counts the passes. */
async function endWhile(change: string) {
  await farm.query(`update farm.sweep set state = 'running', finished_at = null where id = $1`, [id])
  let passes = 0
  const pool = new Proxy(farm.database.pool, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'connect') return typeof value === 'function' ? value.bind(target) : value
      return async () => watching(await target.connect())
    },
  })
  /** Until the client goes back to the pool it tells when it has looked at outcomes. */
  const watching = (client: Client): Client => {
    const { query, release } = client
    const watched = (...given: Parameters<typeof query>) => {
      const answer: unknown = Reflect.apply(query, client, given)
      const { text } = given[0] as { readonly text?: string }
      if (!(answer instanceof Promise) || text?.includes('from farm.outcome') !== true) return answer
      return answer.then(async (result) => {
        if (++passes === 1 && change !== '') await farm.query(`update farm.sweep set ${change} where id = $1`, [id])
        return result
      })
    }
    return Object.assign(client, {
      query: watched,
      release: (error?: Error) => {
        Object.assign(client, { query, release })
        release.call(client, error)
      },
    })
  }
  const database: Database = { ...farm.database, pool }
  return { state: await finishSweep(database, epoch, id), passes }
}

test('a sweep that changes while its invariants are checked is checked again', async () => {
  const leader = await farm.coordinate()
  id = (await farm.submit({ trials: 20 })).id
  await farm.ends(id)
  await leader.stop()
  epoch = (await acquireLeadership(farm.database, { holder: 'test', kind: 'up', kernel: 1 }))!
  expect(await endWhile('')).toEqual({ state: 'complete', passes: 1 })
  expect(await endWhile('priority = priority + 1')).toEqual({ state: 'complete', passes: 2 })
  // While a sweep runs, its counters may miss the cell with the widest interval.
  await farm.query('update farm.sweep set worst = null where id = $1', [id])
  expect(await endWhile('')).toEqual({ state: 'complete', passes: 1 })
  const { estimate: _, ...worst } = (await sweepStatus(farm.database, id)).worst!
  expect(await farm.query('select worst from farm.sweep where id = $1', [id])).toEqual([{ worst }])
  expect(await endWhile('open = 1')).toEqual({ state: null, passes: 1 })
  expect(await farm.query('select state from farm.sweep where id = $1', [id])).toEqual([{ state: 'running' }])
})
