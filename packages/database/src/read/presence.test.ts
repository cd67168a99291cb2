import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../connection/database.ts'
import { createLedger } from '../lease/ledger.ts'
import { farmState, type Presence, presence, stateOfFarm } from './presence.ts'
import { sweepStatus } from './status.ts'

const link = { queue: 'redis://a:6379/0', queueServer: 'run/0', queueLostSeconds: null }
const leader = { ...link, kernel: 2 }
const worker = { ...link, kernel: 2, threads: 4, computes: false }
const works: Presence = {
  leader,
  standbys: [],
  lastLeader: { seconds: 1, leftSeconds: 9 },
  workers: [worker],
  draining: false,
  lastWorkerSeconds: 1,
  startedSeconds: 9e6,
  waiting: true,
  kernel: 2,
  trouble: null,
}
const elsewhere = { ...worker, queue: 'postgres', queueServer: null }
const cutOff = { queueLostSeconds: 12.3 }

describe('the state of a farm', () => {
  const cases: readonly (readonly [what: string, change: Partial<Presence>, state: ReturnType<typeof farmState>])[] = [
    ['nothing', {}, { state: 'works' }],
    [
      'a leader',
      { leader: null, workers: [], lastLeader: { seconds: 12.3, leftSeconds: 0 } },
      { state: 'leaderless', seconds: 10, standbySeconds: null, restarted: false },
    ],
    [
      'a leader: there never was one',
      { leader: null, lastLeader: null },
      { state: 'leaderless', seconds: null, standbySeconds: null, restarted: false },
    ],
    [
      'a leader, and a standby waits for the end of its term',
      { leader: null, lastLeader: { seconds: 5.2, leftSeconds: 4.8 }, standbys: [link] },
      { state: 'leaderless', seconds: 5, standbySeconds: 5, restarted: false },
    ],
    [
      'a leader: the database has just started',
      { leader: null, lastLeader: { seconds: 5.2, leftSeconds: 4.8 }, startedSeconds: 3 },
      { state: 'leaderless', seconds: 5, standbySeconds: null, restarted: true },
    ],
    [
      'workers',
      { workers: [], lastWorkerSeconds: 7 },
      { state: 'workerless', seconds: 7, ending: false, restarted: false },
    ],
    [
      'workers: the clock of the database was set back behind its start',
      { workers: [], lastWorkerSeconds: 0, startedSeconds: -3_500 },
      { state: 'workerless', seconds: 1, ending: false, restarted: false },
    ],
    [
      'workers: there are none, whenever the database started',
      { workers: [], lastWorkerSeconds: null, startedSeconds: 3 },
      { state: 'workerless', seconds: null, ending: false, restarted: false },
    ],
    [
      'workers: all are about to end',
      { workers: [], lastWorkerSeconds: null, draining: true },
      { state: 'workerless', seconds: null, ending: true, restarted: false },
    ],
    [
      'a queue: the leader says so',
      { leader: { ...leader, ...cutOff } },
      { state: 'queue', place: 'redis://a:6379/0', from: 'coordinators', seconds: 10 },
    ],
    [
      'a queue: no coordinator leads, and all of them report that it does not answer',
      { leader: null, standbys: [{ ...link, ...cutOff }], workers: [] },
      { state: 'queue', place: 'redis://a:6379/0', from: 'coordinators', seconds: 10 },
    ],
    [
      'a queue: all workers say so',
      { workers: [{ ...worker, ...cutOff }] },
      { state: 'queue', place: 'redis://a:6379/0', from: 'workers', seconds: 10 },
    ],
    [
      'a queue, at two addresses: none is named',
      {
        workers: [
          { ...worker, ...cutOff },
          { ...worker, ...cutOff, queue: 'redis://b:6379/0' },
        ],
      },
      { state: 'queue', place: null, from: 'workers', seconds: 10 },
    ],
    ['no queue: a standby reaches it', { leader: { ...leader, ...cutOff }, standbys: [link] }, { state: 'works' }],
    ['no queue: a worker reaches it', { workers: [{ ...worker, ...cutOff }, worker] }, { state: 'works' }],
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
      { leader: { ...leader, kernel: 3 } },
      { state: 'works' },
    ],
    ['room: a process says so', { trouble: 'no room' }, { state: 'full', trouble: 'no room' }],
    ['no kernel: one worker has it', { workers: [{ ...worker, kernel: 1 }, worker] }, { state: 'works' }],
    ['no kernel: all is done', { kernel: null, workers: [{ ...worker, kernel: 1 }] }, { state: 'works' }],
    ['no kernel: the leader did not say', { leader: { ...leader, kernel: null, queue: null } }, { state: 'works' }],
    [
      'ears',
      { workers: [elsewhere, elsewhere] },
      { state: 'elsewhere', leader: 'redis://a:6379/0', workers: ['postgres'] },
    ],
    ['no ears: one listens', { workers: [elsewhere, worker] }, { state: 'works' }],
    [
      'ears: two servers',
      { workers: [{ ...worker, queue: 'redis://b:6379/0', queueServer: 'other/0' }] },
      { state: 'elsewhere', leader: 'redis://a:6379/0', workers: ['redis://b:6379/0'] },
    ],
    [
      'no ears: two addresses of one server',
      { workers: [{ ...worker, queue: 'redis://b:6379/0' }] },
      { state: 'works' },
    ],
    [
      'no ears: it is not known which server it is',
      { workers: [{ ...worker, queue: 'redis://b:6379/0', queueServer: null }] },
      { state: 'works' },
    ],
    ['no ears: it computes', { workers: [{ ...elsewhere, computes: true }] }, { state: 'works' }],
    ['no ears: no job waits', { workers: [elsewhere], waiting: false }, { state: 'works' }],
    ['no ears: it is of a version that did not say', { workers: [{ ...worker, queue: null }] }, { state: 'works' }],
  ]
  test.each(cases)('%s', (_, change, state) => {
    expect(farmState({ ...works, ...change })).toEqual(state)
  })
})

describe('as read from the database', () => {
  let fresh: FreshDatabase
  let database: Database
  const query = (sql: string, values: unknown[] = []) => database.pool.query(sql, values)

  beforeAll(async () => {
    fresh = await freshDatabase()
    database = await openDatabase({ url: fresh.url })
    await query(
      `insert into farm.sweep (id, name, seed, state, spec, plan, demand, axes, cells, max_trials, open, kernel)
        values ('s', 'map', '1', 'running', '', '', '{"trials": 9}', '[]', 1, 9, 1, 2)`,
    )
    await query(
      `insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
        values ('c', '{}', 2, '{""}', '{}', '{}', '{}', 9)`,
    )
    await query(`insert into farm.request (sweep_id, index, cell_id, params, target) values ('s', 0, 'c', '{}', 9)`)
    await query(
      `insert into farm.bundle (sweep_id, kernel, trials, queued_at) values ('s', 2, 9, now() - interval '1 minute')`,
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

  test('everything is present', async () => {
    const link = { queue: 'postgres', queueServer: null, queueLostSeconds: null }
    expect(await presence(database, 's')).toEqual({
      leader: { kernel: 2, ...link },
      standbys: [],
      lastLeader: { seconds: expect.closeTo(0, 0), leftSeconds: expect.closeTo(10, 0) },
      workers: [{ kernel: 2, threads: 4, computes: false, ...link }],
      draining: false,
      lastWorkerSeconds: expect.closeTo(0, 0),
      startedSeconds: expect.any(Number),
      waiting: true,
      kernel: 2,
      trouble: null,
    })
    expect(await state()).toBe('works')
  })

  test('a process whose heartbeat reports a full disk, until it reports space again', async () => {
    const ledger = createLedger(database)
    await ledger.heartbeat('w', {
      state: 'alive',
      trouble: 'no room',
      queue: { lostForMs: 0, server: null },
      leases: [],
    })
    expect(farmState(await presence(database, 's'))).toEqual({ state: 'full', trouble: 'no room' })
    await ledger.heartbeat('w', { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases: [] })
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
    ['the queue is away', `update farm.worker set queue_lost_at = now() - interval '9 seconds'`, 'queue'],
    ['another version', `update farm.worker set kernel = 1`, 'kernel'],
  ])('%s', async (_, sql, expected) => {
    await query(sql)
    expect(await state()).toBe(expected)
  })
  test('no process has ever reported', async () => {
    await query('delete from farm.worker; delete from farm.leader')
    expect(await presence(database, 's')).toMatchObject({ leader: null, lastLeader: null, lastWorkerSeconds: null })
  })
  test('a computing worker on a queue with another name does receive jobs', async () => {
    await query(`update farm.worker set queue = 'redis://alias:6379/0' where id = 'w'`)
    await query(`update farm.bundle set worker_id = 'w'`)
    expect((await presence(database, 's')).workers).toMatchObject([{ computes: true }])
    expect(await state()).toBe('works')
  })
  test('a sweep reports it if it waits for the farm', async () => {
    await query('delete from farm.leader')
    const lacking = { state: 'leaderless', seconds: null, standbySeconds: 0, restarted: false }
    expect((await sweepStatus(database, 's')).farm).toEqual(lacking)
    expect(await stateOfFarm(database)).toEqual(lacking)
    for (const resting of [`state = 'paused'`, `state = 'complete'`, `state = 'running', runner = 'w'`]) {
      await query(`update farm.sweep set ${resting}`)
      expect((await sweepStatus(database, 's')).farm, resting).toBeNull()
      expect(await stateOfFarm(database)).toBeNull()
      await query(`update farm.sweep set state = 'running', runner = null`)
    }
  })
})
