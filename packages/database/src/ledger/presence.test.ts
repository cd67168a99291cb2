import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database.ts'
import { createLedger } from './ledger.ts'
import { farmState, type Presence, presence, stateOfFarm } from './presence.ts'
import { sweepStatus } from './status.ts'

const worker = { kernel: 2, threads: 4, queue: 'redis://a:6379/0', computes: false }
const works: Presence = {
  leader: { kernel: 2, queue: 'redis://a:6379/0' },
  workers: [worker],
  waiting: true,
  kernel: 2,
  trouble: null,
}
const elsewhere = { ...worker, queue: 'postgres' }

describe('what a farm lacks', () => {
  const cases: readonly (readonly [what: string, change: Partial<Presence>, state: ReturnType<typeof farmState>])[] = [
    ['nothing', {}, { state: 'works' }],
    ['a leader', { leader: null, workers: [] }, { state: 'leaderless' }],
    ['workers', { workers: [] }, { state: 'workerless' }],
    ['a leader of the kernel', { kernel: 3 }, { state: 'kernel', wanted: 3, leader: 2, workers: [2] }],
    [
      'workers of the kernel',
      { workers: [{ ...worker, kernel: 1 }] },
      { state: 'kernel', wanted: 2, leader: 2, workers: [1] },
    ],
    [
      'workers of the leader’s version',
      { workers: [{ ...worker, kernel: 3 }] },
      { state: 'kernel', wanted: 2, leader: 2, workers: [3] },
    ],
    ['no kernel: a later one computes it', { kernel: 1 }, { state: 'works' }],
    [
      'no kernel: a leader of a later version feeds workers of this one',
      { leader: { kernel: 3, queue: 'redis://a:6379/0' } },
      { state: 'works' },
    ],
    ['room: a process says so', { trouble: 'no room' }, { state: 'full', trouble: 'no room' }],
    ['no kernel: one worker has it', { workers: [{ ...worker, kernel: 1 }, worker] }, { state: 'works' }],
    ['no kernel: all is done', { kernel: null, workers: [{ ...worker, kernel: 1 }] }, { state: 'works' }],
    ['no kernel: the leader did not say', { leader: { kernel: null, queue: null } }, { state: 'works' }],
    [
      'ears',
      { workers: [elsewhere, elsewhere] },
      { state: 'elsewhere', leader: 'redis://a:6379/0', workers: ['postgres'] },
    ],
    ['no ears: one listens', { workers: [elsewhere, worker] }, { state: 'works' }],
    // Two names of one Redis.
    ['no ears: it computes', { workers: [{ ...elsewhere, computes: true }] }, { state: 'works' }],
    ['no ears: no job waits', { workers: [elsewhere], waiting: false }, { state: 'works' }],
    ['no ears: it is of a version that did not say', { workers: [{ ...worker, queue: null }] }, { state: 'works' }],
  ]
  test.each(cases)('%s', (_, change, state) => {
    expect(farmState({ ...works, ...change })).toEqual(state)
  })
})

describe('as the database tells it', () => {
  let fresh: FreshDatabase
  let database: Database
  const query = (sql: string, values: unknown[] = []) => database.pool.query(sql, values)

  beforeAll(async () => {
    fresh = await freshDatabase()
    database = await openDatabase({ url: fresh.url })
    await query(
      `insert into farm.sweep (id, name, seed, state, spec, demand, axes, cells, max_trials, open, kernel)
        values ('s', 'map', '1', 'running', '', '{"trials": 9}', '[]', 1, 9, 1, 2)`,
    )
    await query(
      `insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
        values ('c', '{}', 2, '{""}', '{}', '{}', '{}', 9)`,
    )
    await query(`insert into farm.demand (sweep_id, index, cell_id, params, target) values ('s', 0, 'c', '{}', 9)`)
    await query(
      `insert into farm.bundle (sweep_id, kernel, trials, fed_at) values ('s', 2, 9, now() - interval '1 minute')`,
    )
  })
  afterAll(async () => {
    await database.close()
    await fresh.drop()
  })
  beforeEach(async () => {
    await query('delete from farm.worker; delete from farm.leader')
    await query('update farm.bundle set worker_id = null')
    const ledger = createLedger(database)
    const row = { host: 'here', pid: 1, kernel: 2, queue: 'postgres' }
    await ledger.register({ ...row, id: 'l', kind: 'coordinator', threads: 0 })
    await ledger.register({ ...row, id: 'w', kind: 'worker', threads: 4 })
    await query(
      `insert into farm.leader (id, holder, kind, epoch, until)
        values (1, 'l', 'coordinator', 1, now() + interval '10 seconds')`,
    )
  })
  const state = async () => farmState(await presence(database, 's')).state

  test('all is there', async () => {
    expect(await presence(database, 's')).toEqual({
      leader: { kernel: 2, queue: 'postgres' },
      workers: [{ kernel: 2, threads: 4, queue: 'postgres', computes: false }],
      waiting: true,
      kernel: 2,
      trouble: null,
    })
    expect(await state()).toBe('works')
  })

  test('a process whose heartbeat says that there is no room, until it says that there is', async () => {
    const ledger = createLedger(database)
    await ledger.heartbeat('w', { state: 'alive', trouble: 'no room', leases: [] })
    expect(farmState(await presence(database, 's'))).toEqual({ state: 'full', trouble: 'no room' })
    await ledger.heartbeat('w', { state: 'alive', trouble: null, leases: [] })
    expect(await state()).toBe('works')
  })
  test.each([
    ['the leader is silent', `update farm.leader set until = now() + interval '5.5 seconds'`, 'leaderless'],
    ['the leader has left', 'update farm.leader set until = now()', 'leaderless'],
    [
      'the worker is silent',
      `update farm.worker set seen_at = now() - interval '4.5 seconds' where id = 'w'`,
      'workerless',
    ],
    [
      'a clock was set back, and the worker died',
      `update farm.worker set seen_at = now() + interval '1 hour' where id = 'w'`,
      'workerless',
    ],
    [
      'a clock was set back, and the leader died',
      `update farm.leader set until = now() + interval '1 hour'`,
      'leaderless',
    ],
    ['the worker drains', `update farm.worker set state = 'draining' where id = 'w'`, 'workerless'],
    ['a beat of each is late', `update farm.worker set seen_at = now() - interval '3.9 seconds'`, 'works'],
    ['the worker is on another queue', `update farm.worker set queue = 'redis://b:6379/0' where id = 'w'`, 'elsewhere'],
    ['another version', `update farm.worker set kernel = 1`, 'kernel'],
  ])('%s', async (_, sql, expected) => {
    await query(sql)
    expect(await state()).toBe(expected)
  })
  test('a worker on a queue of another name that computes does hear', async () => {
    await query(`update farm.worker set queue = 'redis://alias:6379/0' where id = 'w'`)
    await query(`update farm.bundle set worker_id = 'w'`)
    expect((await presence(database, 's')).workers).toMatchObject([{ computes: true }])
    expect(await state()).toBe('works')
  })
  test('a sweep says it where it waits for the farm', async () => {
    await query('delete from farm.leader')
    expect((await sweepStatus(database, 's')).farm).toEqual({ state: 'leaderless' })
    expect(await stateOfFarm(database)).toEqual({ state: 'leaderless' })
    for (const resting of [`state = 'paused'`, `state = 'complete'`, `state = 'running', runner = 'w'`]) {
      await query(`update farm.sweep set ${resting}`)
      expect((await sweepStatus(database, 's')).farm, resting).toBeNull()
      expect(await stateOfFarm(database)).toBeNull()
      await query(`update farm.sweep set state = 'running', runner = null`)
    }
  })
})
