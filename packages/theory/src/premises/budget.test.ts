import { trialCost } from '@driftfarm/kernel'
import { premiseLevels } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { allowanceOf, type BudgetPart, levelFor } from './budget.ts'

/** All parts that are given no more than their share at any level, and what they have together. */
const parts: readonly BudgetPart[] = ['start', 'basin', 'settling', 'twins', 'overshoot', 'firstStep', 'relaxation']
const share = 0.65
const allOf = (level: (typeof premiseLevels)[number]) => parts.reduce((sum, part) => sum + allowanceOf(part, level), 0)

test('the parts of a level take its work, and every second level has ten times as much', () => {
  for (const level of premiseLevels.slice(2))
    expect(allOf(level) / allOf((level - 2) as typeof level)).toBeCloseTo(10, 10)
  expect([4, 6, 8].map((level) => allowanceOf('landmarks', level as 4) / allOf(level as 4))).toEqual(
    [0.2, 0.2, 0.2].map((own) => expect.closeTo(own / share, 10)),
  )
  expect([0, 2, 8].map((level) => allowanceOf('control', level as 0))).toEqual([1.25e5, 1e6, 5e8])
  // Cells of one landscape and start share them.
  expect(allowanceOf('landmarks', 0)).toBe(1e7)
  expect(allOf(4) / (share * 5e7)).toBeCloseTo(1, 10)
})

test('premises take at most 3 % of the estimated work of the trials, and the part of a cell in 50 ms', () => {
  const cell = cellOf('double-well', { trial: { steps: 1000, escape: 'x >= 0' }, start: [-1] }, 1)
  for (const trials of [1, 1e3, 1e5, 1e7])
    for (const cells of [1, 10, 1e4]) {
      const level = levelFor(cell, { trials, cells })
      const affordable = 0.03 * trials * trialCost(cell) + 5e7 / cells
      if (level > 0) expect(allOf(level)).toBeLessThanOrEqual(share * affordable * (1 + 1e-9))
      if (level < 8) expect(allOf((level + 1) as typeof level)).toBeGreaterThan(share * affordable)
    }
  expect([1, 1e9].map((trials) => levelFor(cell, { trials, cells: 1e6 }))).toEqual([0, 8])
})

test('trials that end early allow less', () => {
  const cell = cellOf('double-well', { trial: { steps: 1e6, escape: 'x >= 0' }, start: [-1] }, 1)
  const levels = [undefined, 1e6, 1e3, 10].map((steps) =>
    levelFor(cell, { trials: 1000, cells: 100, ...(steps === undefined ? {} : { steps }) }),
  )
  expect(levels[0]).toBe(levels[1])
  expect(levels[2]).toBeLessThan(levels[1]!)
  expect(levels[3]).toBeLessThanOrEqual(levels[2]!)
})
