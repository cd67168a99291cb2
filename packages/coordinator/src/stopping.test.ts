import { invariants } from '@driftfarm/database'
import { afterEach, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'
import { recheckEstimates } from './recheck.ts'
import { resultsOf } from './results.ts'

let farm: Farm
afterEach(() => farm?.close())

/** Cells of a sweep run by itself, without what depends on the machine. */
async function run(change: Record<string, unknown>, batch?: number, threads = 2) {
  farm = await Farm.open()
  await farm.work({ threads, choose: (size) => size - 1 })
  await farm.coordinate(batch === undefined ? {} : { batch })
  const { id } = await farm.submit(change)
  const status = await farm.ends(id)
  expect(status.state).toBe('complete')
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  expect(await recheckEstimates(farm.database, id)).toEqual([])
  const { data } = await resultsOf(farm.database, id)
  const cells = data.cells.map(({ cpuSeconds: _, ...cell }) => cell)
  await farm.close()
  farm = undefined as never
  return { cells, status }
}

const rules = {
  relative: [{ estimate: 'escape', relative: 0.2, min: 50, max: 5000 }, 'relative'],
  halfWidth: [{ estimate: 'escape', halfWidth: 0.05, min: 60, max: 5000 }, 'halfWidth'],
  events: [{ estimate: 'escape', events: 57, min: 10, max: 5000 }, 'events'],
  list: [
    {
      rules: [
        { estimate: 'escape', relative: 0.01 },
        { estimate: 'escape', events: 31 },
      ],
      min: 20,
      max: 5000,
    },
    'events',
  ],
  max: [{ estimate: 'escape', relative: 0.001, min: 50, max: 400 }, 'max'],
} as const

test.each(Object.entries(rules))('until %s: one answer for any batch size and order', async (_, [until, rule]) => {
  const answers = []
  for (const batch of [7, 64, undefined]) answers.push(await run({ until, seed: 5 }, batch))
  const [first, ...others] = answers
  for (const other of others) expect(other.cells).toEqual(first!.cells)
  const [cell] = first!.cells
  expect(cell!.stopped?.rule).toBe(rule)
  expect(first!.status.rulesUnmet).toBe(rule === 'max' ? 1 : 0)
  if (rule === 'events') {
    const { events } = cell!.stopped as { events: number }
    expect(cell!.counts.escaped).toBe(events)
    expect(cell!.estimates.escape?.value).toBe((events - 1) / (Number(cell!.trials) - 1))
  }
})
