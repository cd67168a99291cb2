import { compute, onlyBatchOf, openLed, specText } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { control } from '../submit/control.ts'
import { readPendingChanges } from './snapshot.ts'

let farm: Awaited<ReturnType<typeof openLed>>
beforeAll(async () => {
  farm = await openLed(['a'])
})
afterAll(() => farm.drop())

test('its mark changes with events that need a pass, and with nothing else', async () => {
  const { database, ledger } = farm
  const marks: string[] = []
  const look = async (): Promise<boolean> => {
    const { mark, isPending } = await readPendingChanges(database)
    expect(await readPendingChanges(database)).toEqual({ mark, isPending })
    marks.push(mark)
    return isPending
  }
  expect(await look()).toBe(false)
  const { sweep, bundles } = await farm.submitted(specText({ name: 'stirs', seed: 1, trials: 20 }), [10, 10])
  expect(await look()).toBe(false)
  await ledger.heartbeat('a', { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases: [] })
  const lease = onlyBatchOf(await ledger.lease({ bundle: bundles[0]! }, 'a'))
  expect([await look(), marks.at(-1) === marks.at(-2)]).toEqual([false, true])
  await ledger.commit('a', [{ lease, result: compute(lease) }])
  expect(await look()).toBe(true)
  await database.pool.query('delete from farm.pending_update')
  for (const verb of ['pause', 'resume', 'cancel'] as const) await control(database, sweep, verb).then(look)
  await ledger.register({ id: 'b', kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: 1 })
  await look()
  // None; submitted; leased; committed; paused, which is as if it were not there; resumed; cancelled; one more worker.
  expect(marks.map((mark) => marks.indexOf(mark))).toEqual([0, 1, 1, 1, 0, 5, 0, 7])
})

test('returned batches wait for the leading coordinator', async () => {
  const { database, ledger } = farm
  const { bundles } = await farm.submitted(specText({ name: 'given back', seed: 2, trials: 10 }), [10])
  await database.pool.query('delete from farm.pending_update')
  expect((await readPendingChanges(database)).isPending).toBe(false)
  await ledger.release((await ledger.lease({ bundle: bundles[0]! }, 'a')).batches)
  expect((await readPendingChanges(database)).isPending).toBe(true)
})
