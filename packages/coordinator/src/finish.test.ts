import { acquireLeadership, type Database, finishSweep } from '@driftfarm/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'

let farm: Farm
let id: string
let epoch: number
beforeAll(async () => {
  farm = await Farm.open()
  await farm.work()
})
afterAll(() => farm.close())

/** Ends the sweep again, whose row is changed while its invariants are looked at the first time. Counts the looks. */
async function endWhile(change: string) {
  await farm.query(`update farm.sweep set state = 'running', finished_at = null where id = $1`, [id])
  let looks = 0
  const pool = new Proxy(farm.database.pool, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value
      return async (text: string, values: unknown[]) => {
        const answer = await target.query(text, values)
        if (text.includes('from farm.outcome') && ++looks === 1 && change !== '')
          await farm.query(`update farm.sweep set ${change} where id = $1`, [id])
        return answer
      }
    },
  })
  const database: Database = { ...farm.database, pool }
  return { state: await finishSweep(database, epoch, id), looks }
}

test('a sweep that changes while its invariants are looked at is looked at again', async () => {
  const leader = await farm.coordinate()
  id = (await farm.submit({ trials: 20 })).id
  await farm.ends(id)
  await leader.stop()
  epoch = (await acquireLeadership(farm.database, { holder: 'test', kind: 'up', kernel: 1 }))!
  expect(await endWhile('')).toEqual({ state: 'complete', looks: 1 })
  expect(await endWhile('priority = priority + 1')).toEqual({ state: 'complete', looks: 2 })
  expect(await endWhile('open = 1')).toEqual({ state: null, looks: 1 })
  expect(await farm.query('select state from farm.sweep where id = $1', [id])).toEqual([{ state: 'running' }])
})
