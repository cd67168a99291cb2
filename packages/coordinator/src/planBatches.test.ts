import type { OpenCell } from '@driftfarm/database'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchTrials } from './batchSize.ts'
import { planSweep } from './feed.ts'
import { boundaries, goalOf, planBatches } from './planBatches.ts'

const cell = (change: Partial<OpenCell> = {}): OpenCell => ({
  cell: 'c',
  index: 0,
  target: 1_000_000,
  next: 0,
  secondsPerTrial: 1e-5,
  steps: 1000,
  dimension: 1,
  summands: 1,
  marks: 0,
  out: 0,
  demands: [{ trials: 1_000_000, until: null, record: { kind: 'all' }, contrasts: [] }],
  ...change,
})
const until = (min: number, max: number) => ({
  rules: [{ kind: 'events', estimate: 'escape', events: 10 }] as const,
  confidence: 0.95,
  min,
  max,
})

describe('size of a batch', () => {
  const sizing = { threads: 2, remaining: 1e9, batch: null }
  test('one to two seconds of a thread once the cost is known, less before', () => {
    expect(batchTrials(cell(), sizing)).toBe(150_000)
    const guess = batchTrials(cell({ secondsPerTrial: null }), sizing)
    expect(guess * 1000 * 7e-9).toBeLessThan(0.2)
    expect(guess).toBeGreaterThan(100)
    expect(batchTrials(cell({ secondsPerTrial: null, summands: 1000 }), sizing)).toBeLessThan(guess / 100)
  })
  test('at least one trial, however long', () => {
    expect(batchTrials(cell({ secondsPerTrial: 3600 }), sizing)).toBe(1)
    expect(batchTrials(cell({ secondsPerTrial: null, steps: 1e12 }), sizing)).toBe(1)
  })
  test('a small sweep uses all threads, down to where a job costs more than it saves', () => {
    expect(batchTrials(cell(), { ...sizing, threads: 8, remaining: 80_000 })).toBe(10_000)
    expect(batchTrials(cell(), { ...sizing, threads: 8, remaining: 800 })).toBe(2000)
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
        const goal = goalOf(open, false)
        const counts = planBatches(open, goal, Number.POSITIVE_INFINITY, { threads, remaining: more, batch })
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

test('ahead of its check point a cell goes to the next one, and no further than its maximum', () => {
  const open = cell({
    target: 100,
    next: 100,
    demands: [{ trials: null, until: until(100, 300), record: { kind: 'none' }, contrasts: [] }],
  })
  expect([goalOf(open, false), goalOf(open, true)]).toEqual([100, 125])
  expect(goalOf({ ...open, next: 245 }, true)).toBe(300)
  expect(goalOf({ ...open, next: 300 }, true)).toBe(100)
})

test('until a first batch has told what a trial costs, a cell gets no more batches than there are threads', () => {
  const cells = [
    cell({ secondsPerTrial: null }),
    cell({ cell: 'd', secondsPerTrial: null, out: 1 }),
    cell({ cell: 'd' }),
  ]
  const plan = planSweep(cells, { threads: 2, batch: null }, 16, false)
  expect(plan.map(({ cell, counts }) => [cell, counts.length])).toEqual([
    ['c', 2],
    ['d', 1],
  ])
})

test('a plan of a thousand million batches is as small as its window', () => {
  const open = cell({ target: 1e12, demands: [{ trials: 1e12, until: null, record: { kind: 'none' }, contrasts: [] }] })
  expect(planSweep([open], { threads: 2, batch: 1000 }, 16, false)[0]!.counts).toHaveLength(16)
})
