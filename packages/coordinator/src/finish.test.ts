import { acquireLeadership, type Database, finishSweep, settleIndices, sweepStatus } from '@driftfarm/database'
import { premisesNotFound, premisesVersion } from '@driftfarm/statistics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'
import { settleDemand } from './settle.ts'

type Client = Parameters<Parameters<Database['transaction']>[0]>[0]

let farm: Farm
let id: string
let epoch: number
beforeAll(async () => {
  farm = await Farm.open()
  await farm.work()
})
afterAll(() => farm.close())

/** A client that calls `meanwhile` each time that a query whose text contains `part` has been answered. */
function watching(client: Client, part: string, meanwhile: () => Promise<unknown>): Client {
  const { query, release } = client
  const watched = (...given: Parameters<typeof query>) => {
    const answer: unknown = Reflect.apply(query, client, given)
    const { text } = given[0] as { readonly text?: string }
    if (!(answer instanceof Promise) || text?.includes(part) !== true) return answer
    return answer.then(async (result) => {
      await meanwhile()
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

/** Ends the sweep again, whose row is changed while its invariants are looked at the first time. Counts the passes. */
async function endWhile(change: string) {
  await farm.query(`update farm.sweep set state = 'running', finished_at = null where id = $1`, [id])
  let passes = 0
  const meanwhile = async () => {
    if (++passes === 1 && change !== '') await farm.query(`update farm.sweep set ${change} where id = $1`, [id])
  }
  const pool = new Proxy(farm.database.pool, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'connect') return typeof value === 'function' ? value.bind(target) : value
      return async () => watching(await target.connect(), 'from farm.outcome', meanwhile)
    },
  })
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

test('premises that are stored between two reads of a settlement are examined', async () => {
  await farm.query(`update farm.leader set until = '-infinity'`)
  const leader = await farm.coordinate({ batch: 10 })
  const sweep = (await farm.submit({ name: 'between', seed: 8, trials: 20 })).id
  await farm.ends(sweep)
  await leader.stop()
  epoch = (await acquireLeadership(farm.database, { holder: 'test', kind: 'up', kernel: 1 }))!
  const checksAfter = async (meanwhile: () => Promise<unknown>) => {
    await farm.query(`delete from farm.premises`)
    await farm.query(`update farm.sweep set state = 'running', finished_at = null where id = $1`, [sweep])
    await farm.query(
      `update farm.request set state = 'open', trials = 0, batches = 0, tally = null, digest = null, estimates = null,
              checks = null, stopped = null where sweep_id = $1`,
      [sweep],
    )
    let calls = 0
    const database: Database = {
      ...farm.database,
      transaction: (work, options) =>
        farm.database.transaction(
          (client) =>
            work(watching(client, 'as premises, greatest(', () => (calls++ === 0 ? meanwhile() : Promise.resolve()))),
          options,
        ),
    }
    await settleIndices(database, epoch, sweep, { from: 0, to: 1 }, (demand, ahead) =>
      settleDemand(demand, ahead, { estimate: true }),
    )
    expect(calls).toBeGreaterThan(0)
    const [row] = await farm.query<{ checks: string; trials: number }>(
      'select checks::text, trials::int from farm.request where sweep_id = $1',
      [sweep],
    )
    expect(row!.trials).toBe(20)
    return row!.checks
  }
  const store = () =>
    farm.query(
      `insert into farm.premises (cell_id, version, document)
       select cell_id, $2, $3::json from farm.request where sweep_id = $1`,
      [sweep, premisesVersion, JSON.stringify(premisesNotFound('no time'))],
    )
  expect(await checksAfter(async () => undefined)).toContain('stored without a control run')
  expect(await checksAfter(store)).not.toContain('stored without a control run')
})
