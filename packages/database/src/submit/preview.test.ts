import { openFresh, specText, storeBatch, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import { extensionOf } from './preview.ts'
import { submitSweep } from './submit.ts'

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, drop } = await openFresh())
})
afterAll(() => drop())

const demandOf = (trials: number) => sweepOf(specText({ trials })).demand
const escape = { value: 0.2, low: 0.1, high: 0.3, confidence: 0.95, method: 'clopper-pearson', events: 20 }

test('a choice after a look widens intervals; no change, a choice before a look or a new sweep does not', async () => {
  const text = specText({ sweep: { 'update.eta': [0.05, 0.1] } })
  const sweep = sweepOf(text)
  const { id } = await submitSweep(database, sweep, text, { runner: null })
  expect(await extensionOf(database, id, demandOf(400))).toBeNull()
  await database.pool.query(`update farm.request set trials = 100, estimates = $2 where sweep_id = $1`, [
    id,
    JSON.stringify({ escape }),
  ])
  for (const each of sweep.ids()) await storeBatch(database, each, 0, 100)
  expect(await extensionOf(database, id, demandOf(400))).toEqual({
    methods: ['direct'],
    already: false,
    more: true,
    cells: 2,
    example: { index: 0, trials: 100, escape },
  })
  // A cell in which some escape, and some do not, says more.
  await database.pool.query(`update farm.request set estimates = $2 where sweep_id = $1 and index = 0`, [
    id,
    JSON.stringify({ escape: { ...escape, value: 0, events: 0 } }),
  ])
  expect(await extensionOf(database, id, demandOf(400))).toMatchObject({ example: { index: 1 } })
  expect(await extensionOf(database, id, demandOf(100))).toBeNull()
  expect(await extensionOf(database, id, demandOf(50))).toMatchObject({ more: false })
  const { demand } = sweepOf(specText({ until: { estimate: 'escape', relative: 0.5, min: 50, max: 100 } }))
  expect(await extensionOf(database, id, demand)).toMatchObject({ more: false })
  expect(await extensionOf(database, 'no-such-sweep', demandOf(400))).toBeNull()
  await database.pool.query(`update farm.request set extended = true where sweep_id = $1`, [id])
  expect(await extensionOf(database, id, demandOf(400))).toMatchObject({ already: true })
})
