import {
  acquireLeadership,
  control,
  dispatchBundles,
  invariants,
  type Lease,
  LedgerError,
  releaseLeadership,
  type WorkLedger,
} from '@driftfarm/database'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { bundlesOf } from '@driftfarm/testing/ledger'
import { seeded, withFaults } from '@driftfarm/testing/withFaults'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Farm, silent, specText, sweepOf } from './farm.fixture.ts'
import type { QueuePort } from './queues.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.open()
})
afterEach(() => farm.close())

/** What the reference says the digest must be, computed by an undisturbed farm. */
async function digestOf(id: string): Promise<string[]> {
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  return (await farm.source.results(id)).data.cells.map(({ digest }) => digest)
}
const change = { trials: 200, sweep: { 'update.drift.sigma': [2, 3] } }
let wanted: string[]
test('undisturbed', async () => {
  await farm.work()
  await farm.coordinate({ batch: 25 })
  const { id } = await farm.submit(change)
  await farm.ends(id)
  wanted = await digestOf(id)
})

if (full)
  test('every job delivered three times, shuffled, to four workers', async () => {
    farm.queue.deliveries = 3
    const random = seeded(1)
    const choose = (size: number) => Math.floor(random() * size)
    for (let worker = 0; worker < 4; worker++) await farm.work({ threads: 1, choose })
    await farm.coordinate({ batch: 25 })
    const { id } = await farm.submit(change)
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
    expect(new Set(farm.committed).size).toBe(farm.committed.length)
    expect(farm.committed).toHaveLength(16)
  })

test('a crash between the ledger and the queue: the next leader adds what is missing', async () => {
  farm.queue.failWith(new Error('the process dies here'))
  const first = await farm.coordinate({ batch: 25 })
  const { id } = await farm.submit(change)
  await farm.until(id, ({ batches }) => batches.ready > 0)
  await first.stop()
  farm.queue.failWith(null)
  await farm.work()
  await farm.coordinate({ batch: 25 })
  await farm.ends(id)
  expect(await digestOf(id)).toEqual(wanted)
})

if (full)
  test('a queue that loses everything, again and again', async () => {
    await farm.coordinate({ batch: 10 })
    const { id } = await farm.submit(change)
    await farm.until(id, () => farm.queue.waiting.size > 5)
    farm.queue.loseAllJobs()
    await farm.work({ threads: 1 })
    await farm.until(id, ({ trials }) => Number(trials.done) > 50)
    farm.queue.loseAllJobs()
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
  })

if (full)
  test('a worker that is killed between taking a job and leasing its bundle', async () => {
    await farm.coordinate({ batch: 25 })
    const { id } = await farm.submit(change)
    await farm.until(id, () => farm.queue.waiting.size > 2)
    const taken = await farm.queue.take(new AbortController().signal)
    expect(farm.queue.active.has(taken!.key)).toBe(true)
    await farm.work()
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
  })

if (full)
  test('a temporarily full queue: dispatching backs off and then continues', async () => {
    await farm.work()
    await farm.coordinate({ batch: 25 })
    farm.queue.failWith(new Error('OOM command not allowed'))
    const { id } = await farm.submit(change)
    await farm.until(id, () => farm.troubles.length > 0)
    expect(farm.queue.added).toBe(0)
    farm.queue.failWith(null)
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
  })

if (full)
  test('connections that break again and again cost time, nothing else', async () => {
    await farm.work()
    const coordinator = await farm.coordinate({ batch: 10 })
    const { id } = await farm.submit(change)
    const cut = () =>
      farm
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
          and pid <> pg_backend_pid()
            and application_name not like 'driftfarm-test%'`,
        )
        .catch(() => [])
    for (const share of [0, 100, 200]) {
      await farm.until(id, ({ trials }) => Number(trials.done) >= share)
      await cut()
    }
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
    expect(coordinator.leading).toBe(true)
  })

test.each(full ? [0.01, 0.05, 0.1] : [0.1])(
  '%f of all calls to ledger and queue fail, before or after their effect',
  async (share) => {
    const random = seeded(1 + Math.round(1000 * share))
    farm.queue.port = withFaults<QueuePort>(farm.queue, { share, random })
    for (let worker = 0; worker < 2; worker++) await farm.work({ ledger: withFaults(farm.ledger, { share, random }) })
    await farm.coordinate({ batch: 10 })
    const { id } = await farm.submit(change)
    await farm.ends(id)
    expect(await digestOf(id)).toEqual(wanted)
    const acknowledged = await farm.query('select count(*)::int as batches from farm.batch')
    expect(acknowledged).toEqual([{ batches: 40 }])
  },
)

test('leases that end silently are dispatched again; their late commit is a no-op', async () => {
  let vanished = 0
  await farm.work({ id: 'mute', threads: 1, failBatch: () => (vanished++ < 3 ? 'vanish' : null) })
  const coordinator = await farm.coordinate({ batch: 50 })
  const { id } = await farm.submit(change)
  await farm.until(id, () => vanished >= 3)
  await farm.query(`update farm.worker set seen_at = now() - interval '1 minute' where id = 'mute'`)
  await farm.work({ id: 'sound' })
  await farm.ends(id)
  expect(await digestOf(id)).toEqual(wanted)
  expect(coordinator.counters.vanished).toBeGreaterThanOrEqual(3)
  expect(await farm.query('select distinct kind from farm.failure')).toEqual([{ kind: 'vanished' }])
})

describe('a batch that cannot be computed', () => {
  test('is tried three times, then named; everything else is finished; retry continues it', async () => {
    let broken = true
    const failBatch = (lease: { first: number }) =>
      broken && lease.first === 50 ? ({ kind: 'throw', message: 'poison' } as const) : null
    await farm.work({ failBatch })
    await farm.coordinate({ batch: 50 })
    const { id } = await farm.submit({ trials: 400 })
    const status = await farm.ends(id)
    expect(status).toMatchObject({ state: 'incomplete', cells: { failed: 1 }, batches: { failed: 1 } })
    expect(status.reason).toContain('cell 0, trials 50 to 99')
    expect(status.reason).toContain('poison')
    expect(await farm.query(`select count(*)::int as done from farm.batch`)).toEqual([{ done: 7 }])
    expect(await farm.query('select failures from farm.pending where first = 50')).toEqual([{ failures: 3 }])
    expect((await invariants(farm.database, id)).I1).toHaveLength(1)
    broken = false
    await control(farm.database, id, 'retry')
    expect((await farm.ends(id)).state).toBe('complete')
  })
})

describe('bundles of many batches', () => {
  const cells = 200
  const many = { trials: 5, sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cells, scale: 'linear' } } }
  const poison = sweepOf(specText(many)).cell(77).id

  if (full)
    test('only the batch that fails each time is given up; its 199 neighbours count', async () => {
      await farm.work({ failBatch: ({ cell }) => (cell === poison ? { kind: 'exit', message: 'poison' } : null) })
      await farm.coordinate({ bundle: cells })
      const { id } = await farm.submit(many)
      const status = await farm.ends(id)
      expect(status).toMatchObject({ state: 'incomplete', cells: { done: cells - 1, failed: 1 } })
      expect(status.reason).toContain('cell 77, trials 0 to 4')
      expect(Math.max(...farm.bundles)).toBeGreaterThan(20)
      expect(await farm.query('select cell, failures from batch where failures > 0')).toEqual([
        { cell: poison, failures: 3 },
      ])
      expect(await farm.query('select max(attempts) as most from batch where cell <> $1', [poison])).toEqual([
        { most: 1 },
      ])
    })

  test('a batch that kills its worker is isolated after four times, whatever shared its bundle', async () => {
    let vanished = 0
    const failBatch = ({ cell }: Lease) => (cell === poison && vanished++ < 6 ? 'vanish' : null)
    await farm.work({ id: 'mortal', threads: 1, failBatch })
    // By the clock of the database it is dead all the while: what it holds at a look of the leader has vanished.
    await farm.query(`update farm.worker set seen_at = now() - interval '1 minute'`)
    await farm.coordinate({ bundle: cells })
    const { id } = await farm.submit(many)
    expect((await farm.ends(id)).state).toBe('complete')
    const [own] = await farm.query<{ vanished: number }>('select vanished from batch where cell = $1', [poison])
    expect(own!.vanished).toBe(6)
    const [others] = await farm.query<{ most: number }>('select max(vanished) as most from batch where cell <> $1', [
      poison,
    ])
    expect(others!.most).toBeGreaterThan(0)
    expect(others!.most).toBeLessThanOrEqual(4)
    expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  })

  if (full)
    test('every bundle delivered three times, shuffled, to four workers: each trial counts once', async () => {
      farm.queue.deliveries = 3
      const random = seeded(2)
      for (let worker = 0; worker < 4; worker++)
        await farm.work({ threads: 1, choose: (size) => Math.floor(random() * size) })
      await farm.coordinate({ bundle: 15 })
      const { id } = await farm.submit(many)
      expect((await farm.ends(id)).state).toBe('complete')
      expect(new Set(farm.committed).size).toBe(farm.committed.length)
      expect(farm.committed).toHaveLength(cells)
      expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
    })

  if (full)
    test('cells at their first check points need few bundles, and so do those that continue', async () => {
      await farm.work()
      await farm.coordinate({ bundle: 1_000 })
      const { id } = await farm.submit({
        sweep: many.sweep,
        until: { estimate: 'escape', halfWidth: 0.2, min: 8, max: 64 },
      })
      expect((await farm.ends(id)).state).toBe('complete')
      const [batches] = await farm.query<{ n: number }>('select count(*)::int as n from batch')
      expect(batches!.n).toBeGreaterThan(2 * cells)
      expect(farm.bundles.length).toBeLessThan(batches!.n / 5)
    })

  if (full)
    test('a small sweep comes before the waiting work of a large one', async () => {
      await farm.coordinate({ bundle: 10 })
      const large = await farm.submit(many)
      await farm.until(large.id, ({ batches }) => batches.ready >= 80)
      const small = await farm.submit({ name: 'small', seed: 2, trials: 5 })
      await farm.until(small.id, ({ batches }) => batches.ready === 1)
      await farm.until(small.id, () => farm.queue.waiting.size === 9)
      await farm.work({ threads: 1 })
      expect((await farm.ends(small.id)).state).toBe('complete')
      expect(farm.committed[0]).toBe(`${sweepOf(specText({ seed: 2, trials: 5 })).cell(0).id} 0`)
      expect((await farm.ends(large.id)).state).toBe('complete')
    })
})

describe('a sweep whose trials cannot be merged ends with the reason, and no other waits for it', () => {
  /** The sweep as it ended, after another one that came later has been brought to its end. */
  async function endBeside(spoiled: string) {
    await farm.work()
    const coordinator = await farm.coordinate({ batch: 50 })
    const { id } = await farm.submit({ name: 'sound', trials: 100, seed: 9 })
    expect((await farm.ends(id)).state).toBe('complete')
    const status = await farm.ends(spoiled)
    expect(status.state).toBe('incomplete')
    expect(coordinator.leading).toBe(true)
    return status
  }

  // A cost is no probability that could be compared.
  test('a contrast that does not exist', async () => {
    const sweep = { 'update.drift.sigma': [2, 3] }
    const contrasts = [{ of: 'escape', between: { 'update.drift.sigma': [2, 3] } }]
    const { id } = await farm.submit({ name: 'spoiled', trials: 100, sweep, contrasts })
    await farm.query(`update farm.sweep set demand = jsonb_set(demand, '{contrasts,0,of}', '"cost:m"') where id = $1`, [
      id,
    ])
    const { reason } = await endBeside(id)
    expect(reason).toContain('the trials of this sweep cannot be merged')
    expect(reason).toContain('cost:m')
    // Once what was wrong is mended, it goes on where it was.
    await farm.query(`update farm.sweep set demand = jsonb_set(demand, '{contrasts,0,of}', '"escape"') where id = $1`, [
      id,
    ])
    await control(farm.database, id, 'retry')
    expect((await farm.ends(id)).state).toBe('complete')
    expect((await farm.source.results(id)).data.contrasts).toHaveLength(1)
  })

  if (full)
    test('a damaged tally', async () => {
      const { id } = await farm.submit({ name: 'spoiled', trials: 400 })
      const { id: cell } = sweepOf(specText({ trials: 400 })).cell(0)
      await farm.query(
        `create function farm.damage() returns trigger language plpgsql as
         $$ begin new.tally = new.tally::jsonb || '{"ends": [1]}'; return new; end $$`,
      )
      await farm.query(
        `create trigger damage before insert or update on farm.batch for each row
         when (new.cell_id = '${cell}' and new.first = 50) execute function farm.damage()`,
      )
      const { reason } = await endBeside(id)
      expect(reason).toContain('this tally does not fit this cell')
    })
})

if (full)
  test('two leaders: only one dispatches, and the former one with its old epoch writes nothing', async () => {
    const { database } = farm
    const text = specText({ trials: 100 })
    const { id } = await farm.submit({ trials: 100 })
    const { id: cell } = sweepOf(text).cell(0)
    const old = await acquireLeadership(database, { holder: 'old', kind: 'up', kernel: KERNEL_VERSION })
    expect(await acquireLeadership(database, { holder: 'new', kind: 'up', kernel: KERNEL_VERSION })).toBeNull()
    // As a SIGSTOP would: the term runs out while the old one sleeps.
    await farm.query(`update farm.leader set until = now() - interval '1 second'`)
    const next = await acquireLeadership(database, { holder: 'new', kind: 'up', kernel: KERNEL_VERSION })
    expect(next).toBe(old! + 1)
    await dispatchBundles(database, next!, id, bundlesOf(id, cell, [30, 30]))
    await expect(dispatchBundles(database, old!, id, bundlesOf(id, cell, [50], 60))).rejects.toThrow(LedgerError)
    // The same leader with an outdated view leaves out what is handed out already.
    expect(await dispatchBundles(database, next!, id, bundlesOf(id, cell, [50]))).toBe(0)
    expect(await dispatchBundles(database, next!, id, bundlesOf(id, cell, [50], 50))).toBe(0)
    // Ranges that overlap are refused by the tables themselves.
    const overlapping = `insert into farm.pending (cell_id, first, count) values ('${cell}', 50, 50)`
    await expect(farm.query(overlapping)).rejects.toThrow(/pending_ranges_apart/)
    await releaseLeadership(database, next!)
    await farm.work()
    const leaders = [await farm.coordinate({ batch: 7 }), await farm.coordinate({ batch: 11 })]
    await farm.ends(id)
    expect((await invariants(database, id)).I2).toEqual([])
    const leading = leaders.find((each) => each.leading)!
    await leading.stop()
    const { id: another } = await farm.submit({ trials: 60, seed: 9 })
    expect((await farm.ends(another)).state).toBe('complete')
  })

test('different results for the same trials stop the sweep and are named', async () => {
  await farm.work()
  await farm.coordinate({ batch: 50 })
  const { id } = await farm.submit({ trials: 100, record: 'none' })
  await farm.ends(id)
  await farm.query(`update farm.batch set digest = 'mset128:00000000000000000000000000000001' where first = 50`)
  await farm.submit({ trials: 100, record: 'all' })
  const status = await farm.ends(id)
  expect(status.state).toBe('stopped')
  expect(status.reason).toContain('DETERMINISM_VIOLATION')
  await farm.until(id, () => farm.troubles.length > 0)
  expect(farm.troubles).toContainEqual(expect.objectContaining({ code: 'DETERMINISM_VIOLATION' }))
  expect(await farm.query(`select kind from farm.failure`)).toEqual([{ kind: 'determinism' }])
})

if (full)
  describe('work that no sweep needed at that moment', () => {
    /** Nothing is found again because it was idle for long. */
    const patient = { ...silent, stalledMs: Number.POSITIVE_INFINITY }

    test('batches that were parked unnoticed when they were needed again', async () => {
      await farm.coordinate({ batch: 25, bundle: 16, limits: { ...silent, stalledMs: 50 } })
      const { id } = await farm.submit(change)
      await farm.until(id, ({ batches }) => batches.ready === 16)
      await farm.query(`with gone as (delete from farm.bundle) update farm.pending set state = 'parked', bundle = null`)
      farm.queue.loseAllJobs()
      await farm.work()
      await farm.ends(id)
      expect(await digestOf(id)).toEqual(wanted)
    })

    test('trials beyond the check point of a budget, parked when another sweep was cancelled', async () => {
      await farm.coordinate({ batch: 25, bundle: 16, limits: patient })
      const { id } = await farm.submit(change)
      await farm.until(id, ({ batches }) => batches.ready === 16)
      const until = { estimate: 'escape', relative: 1e-3, min: 50, max: 200 }
      const sweep = { 'update.drift.sigma': [2, 4] }
      const { id: other } = await farm.submit({ name: 'budget', sweep, until, budget: 400 })
      await control(farm.database, id, 'cancel')
      await farm.work()
      expect(await farm.ends(other)).toMatchObject({ state: 'complete', trials: { done: '400' } })
      expect((await digestOf(other))[0]).toEqual(wanted[0])
    })

    test('a batch that is given up while its sweep is paused', async () => {
      await farm.coordinate({ batch: 200, limits: patient })
      const { id } = await farm.submit({ trials: 200 })
      const ledger: WorkLedger = {
        ...farm.ledger,
        fail: async (lease, worker, failure) => {
          if (lease.attempt === 3) await control(farm.database, id, 'pause')
          await farm.ledger.fail(lease, worker, failure)
        },
      }
      await farm.work({ ledger, failBatch: () => ({ kind: 'throw', message: 'it threw' }) })
      await farm.until(id, ({ state }) => state === 'paused')
      const told = () => farm.query<{ told: number }>(`select count(*)::int as told from farm.failure`)
      await expect.poll(told).toEqual([{ told: 3 }])
      const updates = () => farm.query('select id from farm.pending_update')
      await expect.poll(updates).toEqual([])
      await control(farm.database, id, 'resume')
      expect(await farm.ends(id)).toMatchObject({ state: 'incomplete', cells: { failed: 1 } })
    })
  })
