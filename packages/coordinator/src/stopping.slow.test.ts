import { recheckEstimates } from '@driftfarm/answers'
import { invariants } from '@driftfarm/database'
import { afterEach, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

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
  const { data } = await farm.source.results(id)
  const cells = data.cells.map(({ cpuSeconds: _, ...cell }) => cell)
  await farm.close()
  farm = undefined as never
  return { cells, status }
}

const rules = {
  relative: [{ estimate: 'escape', relative: 0.25, min: 50, max: 5000 }, 'relative'],
  halfWidth: [{ estimate: 'escape', halfWidth: 0.05, min: 60, max: 5000 }, 'halfWidth'],
  events: [{ estimate: 'escape', events: 57, min: 10, max: 5000 }, 'events'],
  gbas: [{ estimate: 'escape', relative: 0.3, method: 'gbas', min: 10, max: 5000 }, 'gbas'],
  gbasBeforeMin: [{ estimate: 'escape', relative: 0.4, method: 'gbas', min: 700, max: 5000 }, 'gbas'],
  above: [{ estimate: 'escape', above: 0.1, indifference: 0.2, min: 20, max: 5000 }, 'above'],
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
  max: [{ estimate: 'escape', relative: 0.001, min: 50, max: 200 }, 'max'],
} as const

/** Those of the full tier alone take the ways of others to an end. */
const slow = ['halfWidth', 'gbas', 'gbasBeforeMin', 'max', 'events', 'above', 'list']
const some = Object.entries(rules).filter(([name]) => full || !slow.includes(name))
test.each(some)('until %s: one answer for any batch size and order', async (_, [until, rule]) => {
  const answers = []
  for (const batch of full ? [7, 64, undefined] : [17, undefined]) answers.push(await run({ until, seed: 5 }, batch))
  const [first, ...others] = answers
  for (const other of others) expect(other.cells).toEqual(first!.cells)
  const [cell] = first!.cells
  expect(cell!.stopped?.rule).toBe(rule)
  expect(first!.status.rulesUnmet).toBe(rule === 'max' ? 1 : 0)
  if (rule === 'above') expect(cell!.stopped).toMatchObject({ above: 0.1, indifference: 0.2, decision: 'above' })
  if (rule === 'gbas') {
    const { events, relative } = cell!.stopped as { events: number; relative: number }
    expect(events).toBe(relative === 0.3 ? 44 : 25)
    expect(cell!.counts.escaped).toBe(events)
    expect(cell!.estimates.escape!.method).toBe('gbas')
    expect(cell!.estimates.diverge!.method).toBe('beta-binomial')
  }
  if (rule === 'events') {
    const { events } = cell!.stopped as { events: number }
    expect(cell!.counts.escaped).toBe(events)
    expect(cell!.estimates.escape?.value).toBe((events - 1) / (Number(cell!.trials) - 1))
  }
})

/** Four cells whose probabilities are far apart, for the budget's cells to have different needs. */
const map = { 'update.drift.sigma': [8, 1.6, 1.4, 2] }
const relative = { estimate: 'escape', relative: 0.3, min: 50, max: 20_000 } as const

if (full)
  test('a budget goes where the need is greatest, with any number of workers and any batch size', async () => {
    const change = { until: relative, budget: 3000, sweep: map, seed: 5, record: 'none' }
    const answers = []
    for (const [batch, threads] of [
      [full ? 23 : 90, 1],
      [undefined, 4],
    ] as const)
      answers.push(await run(change, batch, threads))
    const [one, four] = answers
    expect(four!.cells).toEqual(one!.cells)
    const { cells, status } = one!
    const trials = cells.map((cell) => Number(cell.trials))
    const used = trials.reduce((sum, each) => sum + each, 0)
    expect(used).toBeGreaterThan(2400)
    expect(used).toBeLessThanOrEqual(3000)
    expect(cells.map(({ stopped }) => stopped!.rule)).toEqual(['relative', 'budget', 'budget', 'budget'])
    expect(status.rulesUnmet).toBe(3)
    // The rarer, the more trials, so that all that did not end are about equally far from it.
    expect(trials[2]).toBeGreaterThan(2 * trials[1]!)
    expect(trials[1]).toBeGreaterThan(trials[3]!)
    const widths = cells.slice(1).map(({ estimates: { escape: escaping } }) => {
      expect(escaping!.method).toMatch(/^clopper-pearson\/\d+$/)
      return (escaping!.high - escaping!.low) / 2 / escaping!.value
    })
    expect(Math.min(...widths)).toBeGreaterThan(0.3)
    expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.6)
  })

if (full)
  test('a sufficient budget changes only the order', async () => {
    const free = await run({ until: relative, sweep: { 'update.drift.sigma': [2.5, 2] } })
    const rich = await run({ until: relative, budget: 40_000, sweep: { 'update.drift.sigma': [2.5, 2] } })
    expect(rich.cells).toEqual(free.cells)
    expect(rich.status.rulesUnmet).toBe(0)
  })
