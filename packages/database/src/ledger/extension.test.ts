import { openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { extensionOf } from './extension.ts'
import { submitSweep } from './submit.ts'

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, drop } = await openFresh())
})
afterAll(() => drop())

const demandOf = (trials: number) => sweepOf(specText({ trials })).demand
const escape = { value: 0.2, low: 0.1, high: 0.3, confidence: 0.95, method: 'clopper-pearson', events: 20 }

test('more trials after a look widen intervals; before a look, or fewer, or of no sweep, do not', async () => {
  const text = specText({ sweep: { 'update.eta': [0.05, 0.1] } })
  const { id } = await submitSweep(database, sweepOf(text), text, { runner: null })
  expect(await extensionOf(database, id, demandOf(400))).toBeNull()
  await database.pool.query(`update farm.demand set trials = 100, estimates = $2 where sweep_id = $1`, [
    id,
    JSON.stringify({ escape }),
  ])
  await database.pool.query(`update farm.sweep set looked = '{direct}' where id = $1`, [id])
  expect(await extensionOf(database, id, demandOf(400))).toEqual({
    methods: ['direct'],
    already: false,
    cells: 2,
    example: { index: 0, trials: 100, escape },
  })
  // A cell in which some escape, and some do not, says more.
  await database.pool.query(`update farm.demand set estimates = $2 where sweep_id = $1 and index = 0`, [
    id,
    JSON.stringify({ escape: { ...escape, value: 0, events: 0 } }),
  ])
  expect(await extensionOf(database, id, demandOf(400))).toMatchObject({ example: { index: 1 } })
  expect(await extensionOf(database, id, demandOf(100))).toBeNull()
  expect(await extensionOf(database, id, demandOf(50))).toBeNull()
  expect(await extensionOf(database, 'no-such-sweep', demandOf(400))).toBeNull()
  await database.pool.query(`update farm.sweep set extended = '{direct}' where id = $1`, [id])
  expect(await extensionOf(database, id, demandOf(400))).toMatchObject({ already: true })
})
