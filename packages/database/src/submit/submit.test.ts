import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Sweep } from '@driftfarm/spec'
import { openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { WatchedClient } from '../connection/client.ts'
import type { Database } from '../connection/database.ts'
import { limits } from '../ledger/limits.ts'
import { sweepsWithCell } from '../read/cell.ts'
import { cellOf } from '../read/cells.ts'
import { findSweep, listSweeps } from '../read/sweeps.ts'
import { submitSweep } from './submit.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, drop } = await openFresh())
})
afterAll(() => drop())

const submit = (change: Record<string, unknown>, runner: string | null = null) => {
  const text = specText(change)
  return submitSweep(database, sweepOf(text), text, { runner })
}
const count = async (table: string) => (await database.pool.query(`select from farm.${table}`)).rowCount

test('the same spec submitted fifty times at once is one sweep', async () => {
  const spec = JSON.parse(specText({ sweep: { 'update.drift.sigma': [1, 2, 3] } })) as Record<string, unknown>
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, turn) => {
      // Keys in another order each time, outside of what is ordered.
      const keys = Object.keys(spec)
      const turned = [...keys.slice(turn % keys.length), ...keys.slice(0, turn % keys.length)]
      const text = JSON.stringify(Object.fromEntries(turned.map((key) => [key, spec[key]]))).replace('0.1', '0.10')
      return submitSweep(database, sweepOf(text), text, { runner: null })
    }),
  )
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(answers.filter(({ changed }) => changed)).toHaveLength(1)
  expect([await count('sweep'), await count('cell'), await count('request')]).toEqual([1, 3, 3])
})

test('a name means its newest sweep; prefixes are resolved, and near misses get a suggestion', async () => {
  const first = await submit({ name: 'alpha', seed: 100 })
  const second = await submit({ name: 'alpha', seed: 101 })
  await submit({ name: 'alphabet', seed: 102 })
  expect((await findSweep(database, 'alpha')).id).toBe(second.id)
  expect((await findSweep(database, first.id.slice(0, 10))).id).toBe(first.id)
  expect((await findSweep(database, 'alphab')).name).toBe('alphabet')
  await expect(findSweep(database, 'alph')).rejects.toMatchObject({ code: 'SWEEP_AMBIGUOUS' })
  await expect(findSweep(database, 'alphabit')).rejects.toMatchObject({
    code: 'SWEEP_NOT_FOUND',
    hint: 'Did you mean alphabet?',
  })
  await expect(findSweep(database, '')).rejects.toMatchObject({ code: 'SWEEP_NOT_FOUND' })
  await submit({ name: 'alpha', seed: 100 })
  expect((await findSweep(database, 'alpha')).id).toBe(first.id)
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** Bytes of the heap that something still refers to: other files of the process leave garbage. */
function retained(): number {
  collect()
  return process.memoryUsage().heapUsed
}

// What grows with the cells would be seen in the full tier; in both, no more cells are drawn than go into one slice.
const large = process.env.DRIFTFARM_TEST_TIER === 'full' ? 400 : 40

test('the same cells under two names are two sweeps, whose cells are stored once', async () => {
  const [first, second] = [await submit({ name: 'first', seed: 77 }), await submit({ name: 'second', seed: 77 })]
  expect(second).toMatchObject({ created: true, changed: true, reused: null })
  expect(second.id).not.toBe(first.id)
  expect((await cellOf(database, second.id, 0)).cellId).toBe((await cellOf(database, first.id, 0)).cellId)
  const names = (await listSweeps(database)).filter(({ id }) => id === first.id || id === second.id)
  expect(names.map(({ name, newest }) => [name, newest])).toEqual([
    ['second', true],
    ['first', true],
  ])
  expect(await submit({ name: 'first', seed: 77 })).toMatchObject({ id: first.id, changed: false, reused: null })
})

test('a name means the last sweep submitted under it, even if the clock was set back', async () => {
  const first = await submit({ name: 'clock', seed: 110 })
  await database.pool.query(`update farm.sweep set submitted_at = now() + interval '1 day' where id = $1`, [first.id])
  const second = await submit({ name: 'clock', seed: 111 })
  expect((await findSweep(database, 'clock')).id).toBe(second.id)
  expect(await submit({ name: 'clock', seed: 110 })).toMatchObject({ id: first.id, changed: true })
  expect((await findSweep(database, 'clock')).id).toBe(first.id)
})

if (full)
  test(`${large * 250} cells in bounded memory`, async () => {
    const before = retained()
    let most = 0
    const axis = (count: number) => ({ from: 0.5, to: 3, count, scale: 'linear' })
    const text = specText({
      name: 'large',
      record: 'none',
      sweep: { 'update.drift.sigma': axis(large), 'update.eta': { from: 0.01, to: 0.2, count: 250, scale: 'linear' } },
    })
    const sweep = sweepOf(text)
    let drawn = 0
    let together = 0
    let requested = 0
    const watched = Object.create(sweep, {
      cells: {
        *value() {
          for (const cell of sweep.cells()) {
            together = Math.max(together, ++drawn)
            yield cell
          }
        },
      },
    }) as Sweep
    // Whatever was drawn has gone to the database with its statement.
    const { query } = WatchedClient.prototype
    const spy = vi.spyOn(WatchedClient.prototype, 'query').mockImplementation(function (
      this: WatchedClient,
      ...given: unknown[]
    ): never {
      drawn = 0
      if (++requested % 4 === 0) most = Math.max(most, retained())
      return Reflect.apply(query, this, given) as never
    })
    onTestFinished(() => spy.mockRestore())
    const answer = await submitSweep(database, watched, text, { runner: null })
    // One slice that is being stored, and the next one that is being made.
    expect(together).toBeLessThanOrEqual(2 * limits.cellsAtATime)
    expect(answer.changed).toBe(true)
    const { rows } = await database.pool.query('select cells from farm.sweep where id = $1', [answer.id])
    expect(rows).toEqual([{ cells: large * 250 }])
    expect(requested).toBeGreaterThan(8)
    expect((most - before) / 2 ** 20).toBeLessThan(200)
  })

test('sweeps of a cell, newest first, and a cell of a sweep by its index or its id', async () => {
  const first = await submit({ name: 'one of two', seed: 200, sweep: { 'update.drift.sigma': [1, 2] } })
  const second = await submit({ name: 'both', seed: 200, sweep: { 'update.drift.sigma': [2, 3] } })
  const shared = await cellOf(database, first.id, 1)
  expect(await sweepsWithCell(database, shared.cellId)).toEqual([second.id, first.id])
  expect(await cellOf(database, second.id, shared.cellId)).toEqual({ ...shared, index: 0 })
  expect((await cellOf(database, first.id, '0')).cellId).not.toBe(shared.cellId)
  for (const nobody of [2, '7', 'f'.repeat(32)])
    await expect(cellOf(database, first.id, nobody)).rejects.toMatchObject({ code: 'CELL_NOT_FOUND' })
  expect(await sweepsWithCell(database, 'f'.repeat(32))).toEqual([])
})
