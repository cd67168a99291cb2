import { acquireLeadership, readFarmSnapshot, type UnqueuedBundle } from '@driftfarm/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dispatchBatches } from './dispatch.ts'
import { Farm } from './farm.fixture.ts'
import { SchedulerMemory } from './memory.ts'

let farm: Farm
beforeAll(async () => {
  farm = await Farm.open()
})
afterAll(() => farm.close())

test('a sweep with nothing dispatched gets its jobs before others are read', async () => {
  const { database } = farm
  const kernel = 99
  const epoch = await acquireLeadership(database, { holder: 'test', kind: 'up', kernel })
  const large = await farm.submit({ name: 'large', seed: 1, trials: 5, sweep: { 'update.eta': [0.1, 0.2, 0.3, 0.4] } })
  const small = await farm.submit({ name: 'small', seed: 2, trials: 5 })
  const { sweeps } = await readFarmSnapshot(database, kernel)
  expect(sweeps.map(({ id }) => id)).toContain(small.id)
  const memory = new SchedulerMemory()
  const fed = sweeps.map((sweep) => ({
    sweep: { ...sweep, out: sweep.id === large.id ? 1 : 0 },
    memory: memory.of(sweep),
  }))
  const added: string[][] = []
  const add = async (bundles: readonly UnqueuedBundle[]): Promise<void> => {
    const rows = await farm.query('select sweep_id from farm.bundle where id = any($1)', [
      bundles.map(({ bundle }) => bundle),
    ])
    added.push(rows.map((row) => String(row.sweep_id)))
  }
  const sizes = { threads: 2, window: 10, longRoom: Number.POSITIVE_INFINITY, growth: 1, batch: null, bundle: 1 }
  const feeding = { database, queues: { add }, epoch: epoch!, kernel, ...sizes, settleAt: async () => false }
  // Whichever the leader sees first.
  await dispatchBatches(
    feeding,
    [...fed].sort((a, b) => b.sweep.out - a.sweep.out),
    1,
  )
  expect(added).toEqual([[small.id], [large.id, large.id, large.id, large.id]])
})
