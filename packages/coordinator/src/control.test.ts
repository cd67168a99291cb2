import { waitFor } from '@driftfarm/answers'
import {
  control,
  endedCellsOf,
  findSweep,
  interruptSweep,
  invariants,
  listSweeps,
  removeSweep,
  storedTrialsOf,
} from '@driftfarm/database'
import { compute, onlyBatchOf } from '@driftfarm/testing/ledger'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Farm, specText, sweepOf } from './farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.open()
})
afterEach(() => farm.close())

const counted = async () => (await farm.query<{ n: number }>('select count(*)::int as n from farm.batch'))[0]!.n

test('pause: no new batch starts; resume continues the sweep', async () => {
  await farm.coordinate({ batch: 20 })
  const { id } = await farm.submit({ trials: 200 })
  await farm.until(id, ({ batches }) => batches.ready > 4)
  await control(farm.database, id, 'pause')
  await farm.work()
  await farm.until(id, () => farm.queue.waiting.size === 0)
  expect(await counted()).toBe(0)
  expect(new Set(farm.refused)).toEqual(new Set(['parked']))
  await control(farm.database, id, 'resume')
  expect((await farm.ends(id)).state).toBe('complete')
  await expect(control(farm.database, id, 'pause')).rejects.toMatchObject({ code: 'SWEEP_STATE' })
})

if (full)
  test('resume works even if the database fails when the coordinator starts the sweep', async () => {
    let failures = 0
    const { database } = farm
    const transaction: typeof database.transaction = (work, options) => {
      if (failures-- > 0) return Promise.reject(Object.assign(new Error('cut off'), { code: 'ECONNRESET' }))
      return database.transaction(work, options)
    }
    await farm.coordinate({ batch: 20, database: { ...database, transaction } })
    const { id } = await farm.submit({ trials: 200 })
    await farm.until(id, ({ batches }) => batches.ready > 4)
    await control(database, id, 'pause')
    await farm.work()
    await farm.until(id, () => farm.queue.waiting.size === 0)
    failures = 1
    await control(database, id, 'resume')
    expect((await farm.ends(id)).state).toBe('complete')
    expect(failures).toBeLessThan(1)
  })

test.each(['stop', 'cancel'] as const)('%s: for good until it is run again', async (verb) => {
  await farm.coordinate({ batch: 20 })
  const { id } = await farm.submit({ trials: 200 })
  await farm.until(id, ({ batches }) => batches.ready > 4)
  await control(farm.database, id, verb)
  await farm.work()
  await farm.until(id, () => farm.queue.waiting.size === 0)
  expect(await counted()).toBe(0)
  await expect(control(farm.database, id, 'resume')).rejects.toMatchObject({ exit: 6 })
  expect(await farm.submit({ trials: 200 })).toMatchObject({ changed: true, state: 'planned' })
  expect((await farm.ends(id)).state).toBe('complete')
})

test('cancel revokes the lease of running batches, unless another sweep needs them', async () => {
  await farm.coordinate({ batch: 100 })
  const one = await farm.submit({ name: 'one', trials: 200, sweep: { 'update.drift.sigma': [2, 3] } })
  const two = await farm.submit({ name: 'two', trials: 200, sweep: { 'update.drift.sigma': [3, 4] } })
  await farm.until(two.id, () => farm.queue.waiting.size === 6)
  await farm.ledger.register({ id: 'w', kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: 1 })
  const leases = []
  for (const job of farm.queue.waiting.values()) leases.push(...(await farm.ledger.lease(job, 'w')).batches)
  expect(leases).toHaveLength(6)
  expect(
    await farm.ledger.heartbeat('w', { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases }),
  ).toEqual([])
  await control(farm.database, one.id, 'cancel')
  const gone = await farm.ledger.heartbeat('w', {
    state: 'alive',
    trouble: null,
    queue: { lostForMs: 0, server: null },
    leases,
  })
  const [lone] = (await farm.source.results(one.id)).data.cells
  expect(gone.map(({ cell }) => cell)).toEqual([lone!.id, lone!.id])
})

test('rm removes the cells that no other sweep contains; the others continue, late commits are no-ops', async () => {
  await farm.coordinate({ batch: 100 })
  const one = await farm.submit({ name: 'one', trials: 200, sweep: { 'update.drift.sigma': [2, 3] } })
  const two = await farm.submit({ name: 'two', trials: 200, sweep: { 'update.drift.sigma': [3, 4] } })
  await farm.until(two.id, () => farm.queue.waiting.size === 6)
  // Which sweep is fed first is chance: the batch of the cell that goes is looked for by name.
  const [lone] = (await farm.source.results(one.id)).data.cells
  const [job] = await farm.query<{ bundle: number }>(
    'select bundle from farm.pending where cell_id = $1 and first = 0',
    [lone!.id],
  )
  const lease = onlyBatchOf(await farm.ledger.lease(job!, 'w'))
  expect(await removeSweep(farm.database, one.id)).toEqual({ cells: 1 })
  await expect(findSweep(farm.database, 'one')).rejects.toMatchObject({ code: 'SWEEP_NOT_FOUND', exit: 5 })
  expect(await farm.ledger.commit('w', [{ lease, result: compute(lease) }])).toEqual([{ ending: 'gone' }])
  await farm.work()
  expect((await farm.ends(two.id)).state).toBe('complete')
  expect(await removeSweep(farm.database, two.id)).toEqual({ cells: 2 })
  for (const table of ['sweep', 'cell', 'request', 'pending', 'bundle', 'batch', 'outcome'])
    expect(await farm.query(`select from farm.${table}`), table).toEqual([])
})

if (full)
  test('a sweep of a run rests while that run is gone, and the next run continues it', async () => {
    await farm.work({ id: 'run-1', kind: 'run' })
    await farm.coordinate({ batch: 20 })
    const { id } = await farm.submit({ trials: 100 }, 'run-1')
    expect((await farm.ends(id)).state).toBe('complete')
    const { id: next } = await farm.submit({ trials: 100, seed: 2 }, 'run-2')
    expect((await farm.until(next, ({ state }) => state === 'interrupted')).batches.done).toBe(0)
    await farm.until(next, ({ reason }) => reason !== null)
    await farm.work({ id: 'run-3', kind: 'run' })
    expect(await farm.submit({ trials: 100, seed: 2 }, 'run-3')).toMatchObject({ id: next, state: 'planned' })
    expect((await farm.ends(next)).state).toBe('complete')
    await interruptSweep(farm.database, next, 'too late')
    expect((await farm.ends(next)).state).toBe('complete')
  })

if (full)
  test('counts over a sweep are exact beyond what a double holds', async () => {
    const trials = 10 ** 15
    const { id } = await farm.submit({
      trials,
      sweep: { 'update.drift.sigma': { from: 1, to: 2, count: 11, scale: 'linear' } },
    })
    await farm.query('update farm.sweep set max_trials = max_trials + 1')
    const { signal } = new AbortController()
    for await (const status of waitFor(farm.database, id, { signal })) {
      expect(status.trials).toEqual({ done: '0', requested: '11000000000000001' })
      break
    }
    expect(await listSweeps(farm.database)).toMatchObject([{ trialsRequested: '11000000000000001' }])
  })

test('plan shows what is already stored', async () => {
  await farm.work()
  await farm.coordinate()
  const { id } = await farm.submit({ trials: 300 })
  await farm.ends(id)
  const sweep = sweepOf(specText({ trials: 900, sweep: { 'update.drift.sigma': [2, 3] } }))
  expect((await storedTrialsOf(farm.database, sweep)).trials).toEqual(Float64Array.of(300, 0))
  expect(await listSweeps(farm.database)).toMatchObject([
    { id, name: 'test', state: 'complete', trialsDone: '300', trialsRequested: '300' },
  ])
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
})

if (full)
  test('plan shows which cells were ended by their rule, if that was the last request', async () => {
    await farm.work()
    await farm.coordinate()
    const change = { until: { estimate: 'escape', relative: 0.3, min: 50, max: 5000 } }
    const { id } = await farm.submit(change)
    await farm.ends(id)
    const sweep = sweepOf(specText(change))
    const { trials, stopped } = await endedCellsOf(farm.database, sweep, 1)
    expect([...stopped]).toEqual([[0, { rule: 'relative', estimate: 'escape', relative: 0.3 }]])
    expect(trials).toHaveLength(1)
    expect(trials[0]).toBeLessThan(5000)
    expect(await endedCellsOf(farm.database, sweep, 0)).toEqual({ trials, stopped: new Map() })
    const finer = sweepOf(specText({ until: { ...change.until, relative: 0.2 } }))
    expect(await endedCellsOf(farm.database, finer, 1)).toEqual({
      trials: Float64Array.of(Number.NaN),
      stopped: new Map(),
    })
  })
