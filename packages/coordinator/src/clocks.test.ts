import { acquireLeadership, farmIsServed, invariants, renewLeadership } from '@driftfarm/database'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Farm } from './farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// The database's clock is set by an hour while a sweep runs. A test cannot set the clock of a server; it moves every
// time that is stored by as much the other way, in one statement. That is the same: SQL only ever compares stored times
// with now().
let farm: Farm
beforeEach(async () => {
  farm = await Farm.open()
})
afterEach(() => farm.close())

const setClock = (by: '1 hour' | '-1 hour') =>
  farm.database.transaction(
    async (client) => {
      await client.query('lock table farm.leader, farm.sweep, farm.bundle, farm.batch, farm.worker in exclusive mode')
      await client.query(`update farm.leader set until = until - $1::interval`, [by])
      await client.query(`update farm.sweep set submitted_at = submitted_at - $1::interval`, [by])
      await client.query(
        `update farm.batch set queued_at = queued_at - $1::interval, started_at = started_at - $1::interval,
           finished_at = finished_at - $1::interval`,
        [by],
      )
      await client.query(
        'update farm.bundle set queued_at = queued_at - $1::interval, started_at = started_at - $1::interval',
        [by],
      )
      await client.query(
        `update farm.worker set seen_at = seen_at - $1::interval, started_at = started_at - $1::interval`,
        [by],
      )
    },
    { retry: true },
  )
const change = { trials: 160, sweep: { 'update.drift.sigma': [2, 3] } }
// Workers here have no heartbeat but where it is said; none may be taken for dead by the leader's clock alone.
const limits = { lostAfterMs: 100, quietAfterMs: 300, deadAfterMs: 60_000 }

async function digestOf(id: string): Promise<string[]> {
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  return (await farm.source.results(id)).data.cells.map(({ digest }) => digest)
}

const waiting = `select from pg_stat_activity
  where wait_event_type = 'Lock' and datname = current_database() and query like 'with ended%'`

test('a term that is renewed while another coordinator asks for it goes on', async () => {
  const candidate = (holder: string) => ({ holder, kind: 'coordinator', kernel: KERNEL_VERSION }) as const
  const epoch = await acquireLeadership(farm.database, candidate('leads'))
  await farm.query(`update farm.leader set until = now() - interval '1 second'`)
  const requested = await farm.database.transaction(async (client) => {
    await client.query('select from farm.leader for update')
    const answer = acquireLeadership(farm.database, candidate('asks'))
    await expect.poll(() => farm.query(waiting)).toHaveLength(1)
    await client.query(`update farm.leader set until = clock_timestamp() + interval '10 seconds'`)
    return { answer }
  })
  expect(await requested.answer).toBeNull()
  expect(await renewLeadership(farm.database, epoch!)).toBe(true)
})

let wanted: string[]
test('the clock is not changed', async () => {
  await farm.work()
  await farm.coordinate({ batch: 25, limits })
  const { id } = await farm.submit(change)
  await farm.ends(id)
  wanted = await digestOf(id)
})

/** Back is the harder way: what was due is not. */
const ways = process.env.DRIFTFARM_TEST_TIER === 'full' ? (['-1 hour', '1 hour'] as const) : (['-1 hour'] as const)
describe.each(ways)('set by %s', (by) => {
  if (full)
    test('and a queue that lost everything: every batch is dispatched again', async () => {
      await farm.coordinate({ batch: 10, limits })
      const { id } = await farm.submit(change)
      await farm.until(id, () => farm.queue.waiting.size > 5)
      await setClock(by)
      farm.queue.loseAllJobs()
      await farm.work()
      await farm.ends(id)
      expect(await digestOf(id)).toEqual(wanted)
      // Nobody was taken for dead.
      expect(await farm.query('select kind from farm.failure')).toEqual([])
    })

  if (full)
    test('and a worker that died with its leases: they are dispatched again', async () => {
      let vanished = 0
      await farm.work({ id: 'mute', failBatch: () => (vanished++ < 4 ? 'vanish' : null) })
      await farm.coordinate({ batch: 50, limits: { ...limits, goneAfterMs: 2_000 } })
      const { id } = await farm.submit(change)
      await farm.until(id, () => vanished >= 4)
      await setClock(by)
      await farm.work({ id: 'sound' })
      const sign = { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases: [] } as const
      const heartbeat = setInterval(() => void farm.ledger.heartbeat('sound', sign).catch(() => undefined), 100)
      onTestFinished(() => clearInterval(heartbeat))
      await farm.ends(id)
      expect(await digestOf(id)).toEqual(wanted)
      const blamed = await farm.query('select distinct worker_id, kind from farm.failure')
      expect(blamed).toEqual([{ worker_id: 'mute', kind: 'vanished' }])
      // In the end it counts as gone, and the one that lives does not.
      await farm.watch.until(`(select state from farm.worker where id = 'mute') = 'gone'`)
      expect(await farm.query(`select state from farm.worker where id = 'sound'`)).toEqual([{ state: 'alive' }])
    })

  if (full)
    test('and a live `run`: its sweep does not count as interrupted', async () => {
      const run = { id: 'run-1', kind: 'run', host: 'here', pid: 1, threads: 1, kernel: 1 }
      await farm.ledger.register(run)
      let compared = 0
      farm.queue.port = {
        add: (jobs) => farm.queue.add(jobs),
        server: async () => null,
        async keys() {
          compared++
          return farm.queue.keys()
        },
      }
      const coordinator = await farm.coordinate({ batch: 10, limits: { ...limits, quietAfterMs: 60_000 } })
      const { id } = await farm.submit(change, 'run-1')
      // The ledger knows too that they are in the queue: by the clock that is set nobody would feed them before its
      // heartbeat.
      await farm.watch.until('(select count(*) from farm.bundle where queued_at is not null) > 5')
      await setClock(by)
      // Ledger and queue are compared several times before its next heartbeat.
      const enough = compared + 3
      await farm.until(id, () => compared >= enough)
      await farm.work({ ...run })
      expect((await farm.ends(id)).state).toBe('complete')
      expect(await digestOf(id)).toEqual(wanted)
      expect(coordinator.counters).toMatchObject({ interrupted: 0, vanished: 0 })
    })

  if (full)
    test('and a live leader continues, at most with a new term', async () => {
      await farm.work({ threads: 1 })
      const coordinator = await farm.coordinate({ batch: 10, limits })
      const { id } = await farm.submit(change)
      await farm.until(id, ({ trials }) => Number(trials.done) > 50)
      await setClock(by)
      await farm.ends(id)
      expect(coordinator.leading).toBe(true)
      expect(coordinator.counters.terms).toBeLessThanOrEqual(2)
      expect(await digestOf(id)).toEqual(wanted)
    })

  test('and a dead leader: another coordinator leads', async () => {
    expect(
      await acquireLeadership(farm.database, { holder: 'dead', kind: 'coordinator', kernel: KERNEL_VERSION }),
    ).toBe(1)
    await setClock(by)
    await farm.work()
    await farm.coordinate({ batch: 50, limits })
    const { id } = await farm.submit(change)
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
  })

  test('and a dead farm: no user is told that a coordinator is running', async () => {
    await farm.ledger.register({ id: 'up-1', kind: 'up', host: 'here', pid: 1, threads: 1, kernel: 1 })
    expect(await farmIsServed(farm.database)).toBe(true)
    await setClock(by)
    expect(await farmIsServed(farm.database)).toBe(false)
  })
})
