import type { OpenCell } from '@driftfarm/database'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaults } from './defaults.ts'
import { batchTrials, boundaries, dispatchGoal, planBatches } from './planBatches.ts'
import { planBundles, secondsOf } from './planBundles.ts'
import { Speed } from './speed.ts'
import { growth } from './window.ts'

const cell = (change: Partial<OpenCell> = {}): OpenCell => ({
  cell: 'c',
  index: 0,
  target: 1_000_000,
  next: 0,
  kernel: 3,
  form: 1,
  secondsPerTrial: 1e-5,
  cost: 1.5e-4,
  marks: 0,
  out: 0,
  due: false,
  continues: false,
  demands: [{ trials: 1_000_000, until: null, record: { kind: 'all' }, contrasts: [] }],
  ...change,
})
const until = (min: number, max: number) => ({
  rules: [{ rule: 'events', estimate: 'escape', events: 10 }] as const,
  confidence: 0.95,
  min,
  max,
})

describe('size of a batch', () => {
  const sizing = { threads: 2, remainingSeconds: 1e4, growth: 1, batch: null, speed: new Speed() }
  test('the target duration once the cost is known, less before', () => {
    expect(batchTrials(cell(), sizing)).toBe(8 * Math.floor(defaults.bundleSeconds / 8e-5))
    const guess = batchTrials(cell({ secondsPerTrial: null }), sizing)
    expect(guess * 1000 * 7e-9).toBeLessThan(0.2)
    expect(guess).toBeGreaterThan(100)
    expect(batchTrials(cell({ secondsPerTrial: null, cost: 0.05 }), sizing)).toBeLessThan(guess / 100)
  })
  test('at least one trial, however long', () => {
    expect(batchTrials(cell({ secondsPerTrial: 3600 }), sizing)).toBe(1)
    expect(batchTrials(cell({ secondsPerTrial: null, cost: 1e5 }), sizing)).toBe(1)
  })
  test('trials that take long fill the lanes of a kernel, unless that takes four times the target duration', () => {
    const perTrial = (secondsPerTrial: number) => batchTrials(cell({ secondsPerTrial }), sizing)
    const { bundleSeconds } = defaults
    expect([5, 7.9, 8.1, 15, 17].map((trials) => perTrial(bundleSeconds / trials))).toEqual([8, 8, 8, 8, 16])
    expect([2.1, 1.9].map((trials) => perTrial(bundleSeconds / trials))).toEqual([8, 1])
  })
  test('a small sweep uses all threads, down to where a job costs more than it saves', () => {
    expect(batchTrials(cell(), { ...sizing, threads: 8, remainingSeconds: 0.8 })).toBe(10_000)
    expect(batchTrials(cell(), { ...sizing, threads: 8, remainingSeconds: 0.008 })).toBe(2000)
  })
  test('records stay below 64 MB and a million trials', () => {
    expect(batchTrials(cell({ secondsPerTrial: 1e-12 }), sizing)).toBe(1_000_000)
    expect(batchTrials(cell({ secondsPerTrial: 1e-12, marks: 100 }), sizing) * 848).toBeLessThanOrEqual(2 ** 26)
  })
})

test('a plan partitions the trials and straddles no budget and no check point', () => {
  const demand = fc.oneof(
    fc.integer({ min: 1, max: 5000 }).map((trials) => ({ trials, until: null })),
    fc
      .tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 500, max: 5000 }))
      .map(([min, max]) => ({ trials: null, until: until(min, max) })),
  )
  fc.assert(
    fc.property(
      fc.array(demand, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 1, max: 4000 }),
      fc.option(fc.integer({ min: 1, max: 900 })),
      fc.integer({ min: 1, max: 9 }),
      (demands, next, more, batch, threads) => {
        const open = cell({
          next,
          target: next + more,
          demands: demands.map((each) => ({ ...each, record: { kind: 'none' }, contrasts: [] })),
        })
        const goal = dispatchGoal(open, false)
        const counts = planBatches(open, goal, Number.POSITIVE_INFINITY, {
          threads,
          remainingSeconds: more * 1e-5,
          growth: 1,
          batch,
          speed: new Speed(),
        })
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(more)
        expect(Math.min(...counts)).toBeGreaterThan(0)
        const ends = new Set(
          counts.map((_, place) => next + counts.slice(0, place + 1).reduce((sum, count) => sum + count, 0)),
        )
        for (const boundary of boundaries(open, next, goal)) expect(ends).toContain(boundary)
      },
    ),
  )
})

test('beyond its check point a cell is planned to the next one, and no further than its maximum', () => {
  const open = cell({
    target: 100,
    next: 100,
    demands: [{ trials: null, until: until(100, 300), record: { kind: 'none' }, contrasts: [] }],
  })
  expect([dispatchGoal(open, false), dispatchGoal(open, true)]).toEqual([100, 125])
  expect(dispatchGoal({ ...open, next: 245 }, true)).toBe(300)
  expect(dispatchGoal({ ...open, next: 300 }, true)).toBe(100)
})

/** A plan for the cells, as the leader asks for it. */
function plan(cells: readonly OpenCell[], change: Partial<Parameters<typeof planBundles>[1]> = {}) {
  const speed = change.speed ?? new Speed()
  const remainingSeconds = secondsOf(cells, false, speed)
  const farm = { threads: 2, growth: 1, batch: null, room: 16, longRoom: Number.POSITIVE_INFINITY }
  const requested = { ...farm, remainingSeconds, speed, sweep: 's', ahead: false, urgent: false }
  return planBundles(cells, { ...requested, ...change })
}

test('on a farm with many threads batches and bundles grow, but never beyond their other limits', () => {
  const many = cell({ target: 1e9, secondsPerTrial: 1e-3 })
  const requested = { threads: 10_000, remainingSeconds: 1e9 }
  expect(plan([many], requested).bundles[0]).toMatchObject({ seconds: expect.closeTo(0.5, 2), isLong: false })
  const grown = plan([many], { ...requested, growth: growth(10_000) })
  expect(growth(10_000)).toBeCloseTo(10_000 / 75)
  expect(grown.bundles[0]).toMatchObject({ seconds: expect.closeTo(62.5, 1), isLong: false })
  const quick = cell({ target: 1e9, secondsPerTrial: 1e-7 })
  expect(plan([quick], { ...requested, growth: growth(10_000) }).bundles[0]!.batches[0]!.count).toBeLessThanOrEqual(1e6)
})

test('long bundles have a separate limit, and short ones overtake them', () => {
  const hours = Array.from({ length: 4 }, (_, index) =>
    cell({ cell: `h${index}`, index, target: 1, secondsPerTrial: 1e4 }),
  )
  const short = cell({ cell: 's', index: 9, target: 10 })
  const { bundles, unfinished } = plan([...hours, short], { longRoom: 1 })
  expect(bundles.map(({ isLong, batches }) => [isLong, ...batches.map((batch) => batch.cell)])).toEqual([
    [true, 'h0'],
    [false, 's'],
  ])
  expect(unfinished.map((open) => open.cell)).toEqual(['h1', 'h2', 'h3'])
  expect(plan(hours, { longRoom: 0 }).bundles).toEqual([])
  expect(plan(hours).bundles).toHaveLength(4)
  // What is only guessed counts too.
  expect(plan([cell({ target: 1, secondsPerTrial: null, cost: 1e4 })], { longRoom: 0 }).bundles).toEqual([])
})

test('until a first batch has shown the cost of a trial, a cell gets no more batches than there are threads', () => {
  const cells = [
    cell({ secondsPerTrial: null }),
    cell({ cell: 'd', index: 1, secondsPerTrial: null, out: 1 }),
    cell({ cell: 'd', index: 2 }),
  ]
  const { bundles } = plan(cells)
  const batches = bundles.flatMap((bundle) => bundle.batches)
  expect(['c', 'd'].map((id) => batches.filter((batch) => batch.cell === id).length)).toEqual([2, 1])
  // What others of the sweep have cost tells enough.
  const speed = new Speed()
  speed.update({ sweep: 's', batches: 10, expected: 15, trialsSeconds: 1, seconds: 1.003 })
  expect(speed.trialSeconds(cells[0]!)).toBeCloseTo(1e-5)
  expect(speed.batchSeconds).toBeCloseTo(300e-6)
  expect(plan([cells[0]!], { speed }).bundles.flatMap((bundle) => bundle.batches).length).toBeGreaterThan(5)
})

test('a plan of a thousand million batches is as small as its window', () => {
  const demands = [{ trials: 1e12, until: null, record: { kind: 'none' } as const, contrasts: [] }]
  const open = cell({ target: 1e12, secondsPerTrial: 1e-3, demands })
  const { bundles, unfinished } = plan([open], { batch: 1000 })
  expect(bundles).toHaveLength(16)
  expect(bundles.every(({ batches }) => batches.length === 1)).toBe(true)
  expect(unfinished).toEqual([open])
})

test('small cells share bundles of about a second; each cell occurs once and completely', () => {
  const demands = [{ trials: 100, until: null, record: { kind: 'all' } as const, contrasts: [] }]
  const cells = Array.from({ length: 10_000 }, (_, index) =>
    cell({ cell: `c${index}`, index, target: 100, demands, secondsPerTrial: null }),
  )
  const speed = new Speed()
  speed.update({ sweep: 's', batches: 10, expected: 15, trialsSeconds: 1, seconds: 1.002 })
  const { bundles, unfinished } = plan(cells, { speed, room: 100 })
  expect(unfinished).toEqual([])
  expect(bundles.flatMap(({ batches }) => batches)).toEqual(
    cells.map((each) => ({ cell: each.cell, first: 0, count: 100 })),
  )
  const seconds = bundles.map((bundle) => bundle.seconds!)
  expect(Math.max(...seconds)).toBeLessThanOrEqual(defaults.bundleSeconds)
  expect(Math.min(...seconds.slice(0, -1))).toBeGreaterThan(0.9 * defaults.bundleSeconds)
})

test('if little is left, there are bundles for all threads; forms and kernels are not mixed', () => {
  const demands = [{ trials: 100, until: null, record: { kind: 'all' } as const, contrasts: [] }]
  const cells = Array.from({ length: 400 }, (_, index) =>
    cell({ cell: `c${index}`, index, target: 100, demands, form: index % 2, kernel: index < 200 ? 2 : 3 }),
  )
  const { bundles } = plan(cells, { threads: 2 })
  const contents = bundles.map(({ kernel, batches }) => {
    const own = batches.map((batch) => cells.find((each) => each.cell === batch.cell)!)
    expect(new Set(own.map((each) => each.kernel))).toEqual(new Set([kernel]))
    return new Set(own.map(({ form }) => form)).size
  })
  expect(contents).toHaveLength(4)
  expect(contents).toEqual([1, 1, 1, 1])
})
