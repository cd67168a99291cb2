import { openFresh, specText, storeBatch, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import { extendSweep, removeSweep } from './control.ts'
import { submitSweep } from './submit.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, drop } = await openFresh())
})
afterAll(() => drop())

// Each test has cells of its own.
let seed = 0
beforeEach(() => {
  seed++
})

const submit = async (name: string, change: Record<string, unknown>) => {
  const text = specText({ name, seed, ...change })
  return submitSweep(database, sweepOf(text), text, { runner: null })
}
/** Trials of the first cells are done, as a worker stores them. */
const done = async (trials: number, change: Record<string, unknown> = {}) => {
  for (const { id } of sweepOf(specText({ seed, trials: 1, ...change })).cells())
    await storeBatch(database, id, 0, trials)
}
/** Of each cell of a sweep, whether its end was chosen after a look. */
const extended = async (id: string): Promise<boolean[]> => {
  const { rows } = await database.pool.query<{ extended: boolean }>(
    'select extended from farm.request where sweep_id = $1 order by index',
    [id],
  )
  return rows.map((row) => row.extended)
}

test('trials of another name count as looked at, whether more or fewer are requested', async () => {
  const first = await submit('first', { trials: 2000 })
  await done(2000)
  const more = await submit('more', { trials: 9000 })
  expect(more.reused).toEqual({ cells: 1, trials: '2000', extended: 1 })
  expect(await extended(more.id)).toEqual([true])
  const fewer = await submit('fewer', { trials: 700 })
  expect(fewer.reused).toEqual({ cells: 1, trials: '700', extended: 1 })
  expect(await extended(fewer.id)).toEqual([true])
  expect(await extended(first.id)).toEqual([false])
})

test('if nothing could be read, nothing counts as looked at, although other sweeps contain the cell', async () => {
  await submit('first', { trials: 2000 })
  const second = await submit('second', { trials: 9000 })
  expect([second.reused, await extended(second.id)]).toEqual([null, [false]])
})

test('a number that another sweep chose before a look is not a new choice; one chosen after it is', async () => {
  await submit('before', { trials: 2000 })
  await done(2000)
  const same = await submit('same', { trials: 2000 })
  expect(same.reused).toEqual({ cells: 1, trials: '2000', extended: 0 })
  expect(await extended(same.id)).toEqual([false])
  expect(await extended((await submit('after', { trials: 3000 })).id)).toEqual([true])
  expect(await extended((await submit('after it', { trials: 3000 })).id)).toEqual([true])
})

test('neither removing and resubmitting nor extending and reducing a sweep undoes a look', async () => {
  const { id } = await submit('first', { trials: 2000 })
  const other = await submit('other', { trials: 9000 })
  await done(2000)
  await removeSweep(database, id)
  expect(await extended((await submit('first', { trials: 3000 })).id)).toEqual([true])
  await extendSweep(database, other.id, 10_000)
  expect(await extended(other.id)).toEqual([true])
  await submit('other', { trials: 5000 })
  expect(await extended(other.id)).toEqual([true])
})

describe('stopping rules', () => {
  const until = { estimate: 'escape', relative: 0.5, min: 100, max: 1000 }

  test.each([
    ['another maximum', { ...until, max: 2000 }],
    ['another minimum', { ...until, min: 200 }],
    ['another width', { ...until, relative: 0.4 }],
    ['another rule', { estimate: 'escape', events: 10, min: 100, max: 1000 }],
    ['another confidence', { ...until, confidence: 0.9 }],
  ])('%s, chosen after a look', async (_what, other) => {
    const first = await submit('first', { until })
    await done(100)
    expect(await extended((await submit('second', { until: other })).id)).toEqual([true])
    expect(await extended((await submit('same', { until })).id)).toEqual([false])
    await submit('first', { until: other })
    expect(await extended(first.id)).toEqual([true])
  })

  test('after a fixed number, and vice versa; a check point is not a chosen number', async () => {
    await submit('fixed', { trials: 100 })
    await done(100)
    expect(await extended((await submit('ruled', { until })).id)).toEqual([true])
    expect(await extended((await submit('fixed too', { trials: 125 })).id)).toEqual([true])
    seed += 1000
    await submit('ruled', { until })
    await done(100)
    expect(await extended((await submit('fixed', { trials: 100 })).id)).toEqual([true])
    seed -= 1000
  })

  test('a budget makes the end depend on all cells: the same rule over other cells is another one', async () => {
    const axes = (...sigmas: number[]) => ({ 'update.drift.sigma': sigmas })
    const budgeted = { until, budget: 1500, sweep: axes(2, 3) }
    await submit('both', budgeted)
    await done(100, { sweep: axes(2, 3) })
    expect(await extended((await submit('same', budgeted)).id)).toEqual([false, false])
    expect(await extended((await submit('one more', { ...budgeted, sweep: axes(2, 3, 4) })).id)).toEqual([
      true,
      true,
      false,
    ])
  })

  test('simultaneous intervals depend on the number of cells', async () => {
    const joint = { until, simultaneous: true }
    await submit('alone', joint)
    await done(100)
    expect(await extended((await submit('same', joint)).id)).toEqual([false])
    expect(await extended((await submit('plain', { until })).id)).toEqual([true])
    const more = await submit('more', { ...joint, sweep: { 'update.drift.sigma': [2, 3] } })
    expect(await extended(more.id)).toEqual([true, false])
  })
})

test('only cells that were looked at: not those that a wider axis adds, nor those of another method', async () => {
  const axes = (...sigmas: number[]) => ({ sweep: { 'update.drift.sigma': sigmas } })
  await submit('map', { ...axes(2, 3), trials: 100 })
  await done(100, axes(2, 3))
  const wider = await submit('map', { ...axes(2, 3, 4), trials: 100 })
  expect([wider.reused, await extended(wider.id)]).toEqual([
    { cells: 2, trials: '200', extended: 0 },
    [false, false, false],
  ])
  const longer = await submit('map too', { ...axes(3, 4), trials: 400 })
  expect([longer.reused, await extended(longer.id)]).toEqual([{ cells: 1, trials: '100', extended: 1 }, [true, false]])
  const methods = (replicas: number) => ({ sweep: { method: ['direct', { splitting: { particles: 16, replicas } }] } })
  seed += 1000
  const { id } = await submit('split', { ...methods(30), trials: 20 })
  await done(20, methods(30))
  await submit('split', { ...methods(40), trials: 20 })
  expect(await extended(id)).toEqual([false, true])
  seed -= 1000
})

test('the choice for a cell stays if the same cells are renumbered', async () => {
  const axes = (...sigmas: number[]) => ({ sweep: { 'update.drift.sigma': sigmas } })
  const { id } = await submit('map', { ...axes(2, 3), trials: 100 })
  await done(100, axes(2))
  await submit('map', { ...axes(3, 2), trials: 100 })
  expect(await extended(id)).toEqual([false, false])
  await submit('map', { ...axes(3, 2), trials: 200 })
  expect(await extended(id)).toEqual([false, true])
  await done(200, axes(3))
  await submit('map', { ...axes(2, 3), trials: 200 })
  expect(await extended(id)).toEqual([true, false])
})

if (full)
  test('if many sweeps request a cell, only some are compared: then it counts as looked at', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => submit(`n${i}`, { trials: 1000 + i })))
    await done(100)
    const found = await Promise.all(Array.from({ length: 40 }, (_, i) => submit(`again ${i}`, { trials: 1000 + i })))
    const flags = (await Promise.all(found.map(({ id }) => extended(id)))).flat()
    expect(flags.filter((flag) => !flag).length).toBeGreaterThan(0)
    expect(flags.filter((flag) => flag).length).toBeGreaterThan(0)
  })
