import { invariants } from '@driftfarm/database'
import { afterEach, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'
import { recheckEstimates } from './recheck.ts'
import { resultsOf } from './results.ts'
import { rowsOf } from './rows.ts'

let farm: Farm
afterEach(() => farm?.close())

const none = { I1: [], I2: [], I4: [] }

test('a sweep runs to its end, whole, and its results are those of its trials', async () => {
  farm = await Farm.open()
  await farm.work()
  await farm.coordinate()
  const { id, changed, state } = await farm.submit({ trials: 500, sweep: { 'update.drift.sigma': [2, 3] } })
  expect({ changed, state }).toEqual({ changed: true, state: 'planned' })
  const status = await farm.ends(id)
  expect(status).toMatchObject({
    state: 'complete',
    cells: { done: 2, open: 0 },
    trials: { done: 1000, demanded: 1000 },
  })
  expect(await invariants(farm.database, id)).toEqual(none)
  expect(await recheckEstimates(farm.database, id)).toEqual([])
  const { data, warnings } = await resultsOf(farm.database, id)
  expect(warnings).toEqual([])
  expect(data.cells.map(({ trials, stopped }) => ({ trials, stopped }))).toEqual(
    Array(2).fill({ trials: 500, stopped: { rule: 'trials' } }),
  )
  let escaped = 0
  let rows = 0
  for await (const row of rowsOf(farm.database, id)) {
    rows++
    if (row.escaped_at !== null) escaped++
  }
  expect(rows).toBe(1000)
  expect(escaped).toBe(data.cells.reduce((sum, { counts }) => sum + counts.escaped, 0))
  expect(data.cells[0]?.estimates.escape?.method).toBe('clopper-pearson')
})
