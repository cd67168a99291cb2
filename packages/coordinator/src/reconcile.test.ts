import { markQueued } from '@driftfarm/database'
import { openLed, specText } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaults } from './defaults.ts'
import { Reconciler } from './reconcile.ts'

let farm: Awaited<ReturnType<typeof openLed>>
beforeAll(async () => {
  farm = await openLed([])
})
afterAll(() => farm.drop())

/** Batches that get new jobs when so many jobs have been taken, and not leased, for two looks. */
async function lostOf(taken: number): Promise<number> {
  const jobs = defaults.takenAtMost + 4
  const given = specText({ name: `taken ${taken}`, seed: taken, trials: jobs })
  const { bundles } = await farm.submitted(given, Array(jobs).fill(1))
  await markQueued(
    farm.database,
    farm.epoch,
    bundles.map((bundle) => ({ bundle })),
  )
  const all = bundles.map((bundle) => ({ bundle }))
  const queue = { keys: async () => ({ waiting: all.slice(taken), active: all.slice(0, taken) }) }
  const reconciler = new Reconciler(farm.database, defaults)
  const first = await reconciler.reconcile(queue, farm.epoch, () => 0)
  expect(first.lost).toBe(0)
  const { lost } = await reconciler.reconcile(queue, farm.epoch, () => defaults.lostAfterMs)
  await farm.database.pool.query('delete from farm.pending; delete from farm.bundle')
  return lost
}

test('jobs that were taken but not leased are dispatched again: their worker was killed in between', async () => {
  expect(await lostOf(0)).toBe(0)
  expect(await lostOf(1)).toBe(1)
  expect(await lostOf(defaults.takenAtMost)).toBe(defaults.takenAtMost)
})

test('if there are many, the database is slow, and they stay with their workers', async () => {
  expect(await lostOf(defaults.takenAtMost + 1)).toBe(0)
})
