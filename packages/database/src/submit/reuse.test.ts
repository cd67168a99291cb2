import { openFresh, specText, storeBatch, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import { sweepStatus } from '../read/status.ts'
import { removeSweep } from './control.ts'
import { storedTrialsOf } from './preview.ts'
import { submitSweep } from './submit.ts'

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

const text = (name: string, change: Record<string, unknown>) => specText({ name, seed, trials: 100, ...change })
const plan = (name: string, change: Record<string, unknown>) => storedTrialsOf(database, sweepOf(text(name, change)))
const submit = (name: string, change: Record<string, unknown>) =>
  submitSweep(database, sweepOf(text(name, change)), text(name, change), { runner: null })
const over = (...sigmas: number[]) => ({ sweep: { 'update.drift.sigma': sigmas } })

/** Trials of all cells of a sweep are done and merged. */
async function done(name: string, change: Record<string, unknown>, trials: number): Promise<void> {
  const sweep = sweepOf(text(name, change))
  for (const { id } of sweep.cells()) await storeBatch(database, id, 0, trials)
  await database.pool.query('update farm.request set trials = $2 where sweep_id = $1', [sweep.id(), trials])
}

test('nothing is reused from an empty farm, or from sweeps without trials', async () => {
  const all = { cells: 2, trials: '200' }
  expect(await plan('alone', over(2, 3))).toEqual({ trials: Float64Array.of(0, 0), reused: null, computed: all })
  const alone = await submit('alone', over(2, 3))
  expect(alone).toMatchObject({ created: true, reused: null, computed: all })
  expect(await sweepStatus(database, alone.id)).not.toHaveProperty('reused')
  expect(await submit('beside', over(2, 3))).toMatchObject({ reused: null, computed: all })
})

test('everything, a part, and more than is requested is reused; a plan says it before the submission', async () => {
  const { id } = await submit('fine', over(1, 2, 3))
  await done('fine', over(1, 2, 3), 100)
  const from = { count: 1, sweeps: [{ id, name: 'fine' }] }
  for (const [name, change, reused, computed] of [
    ['same', over(1, 2, 3), { cells: 3, trials: '300', extended: 0 }, { cells: 0, trials: '0' }],
    ['wider', over(2, 3, 4, 5), { cells: 2, trials: '200', extended: 0 }, { cells: 2, trials: '200' }],
    ['fewer', { ...over(3), trials: 40 }, { cells: 1, trials: '40', extended: 1 }, { cells: 0, trials: '0' }],
    ['more', { ...over(1, 9), trials: 150 }, { cells: 1, trials: '100', extended: 1 }, { cells: 2, trials: '200' }],
  ] as const) {
    const planned = await plan(name, change)
    expect(planned, name).toMatchObject({ reused: { ...reused, from }, computed })
    const submitted = await submit(name, change)
    expect(submitted, name).toMatchObject({ reused: planned.reused, computed })
    expect((await sweepStatus(database, submitted.id)).reused, name).toEqual(planned.reused)
  }
})

test('a stopping rule requests its maximum, and a budget less than all cells together', async () => {
  const until = { estimate: 'escape', relative: 0.5, min: 50, max: 400 }
  await submit('first', over(1, 2))
  await done('first', over(1, 2), 100)
  expect(await submit('ruled', { ...over(1, 2), trials: undefined, until })).toMatchObject({
    reused: { cells: 2, trials: '200' },
    computed: { cells: 2, trials: '600' },
  })
  expect(await submit('budgeted', { ...over(1, 2), trials: undefined, until, budget: 150 })).toMatchObject({
    reused: { cells: 2, trials: '200' },
    computed: { cells: 2, trials: '0' },
  })
})

test('sources are those with the most cells first, then the earliest; a removed one is no longer named', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  for (const name of names) await submit(name, over(...(name === 'f' ? [1, 2] : [1])))
  await done('f', over(1, 2), 100)
  await database.pool.query('update farm.request set trials = 100 where cell_id = $1', [
    sweepOf(text('a', over(1))).cell(0).id,
  ])
  const last = await submit('last', over(1, 2))
  const namesOf = (reused = last.reused!) => [reused.from!.count, ...reused.from!.sweeps.map(({ name }) => name)]
  expect(namesOf()).toEqual([7, 'f', 'a', 'b', 'c', 'd'])
  await removeSweep(database, sweepOf(text('a', over(1))).id())
  expect(namesOf((await sweepStatus(database, last.id)).reused)).toEqual([7, 'f', 'b', 'c', 'd'])
})

test('a sweep that is submitted again reuses nothing new; its plan names the sweep itself', async () => {
  const { id } = await submit('again', over(1, 2))
  await done('again', over(1, 2), 100)
  expect(await submit('again', over(1, 2))).toMatchObject({ created: false, reused: null, computed: null })
  expect(await plan('again', { ...over(1, 2), trials: 300 })).toEqual({
    trials: Float64Array.of(100, 100),
    // Whether its intervals become wider is known to `extensionOf`.
    reused: { cells: 2, trials: '200', extended: 0, from: { count: 1, sweeps: [{ id, name: 'again' }] } },
    computed: { cells: 2, trials: '400' },
  })
})
