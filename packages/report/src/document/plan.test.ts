import { expect, test } from 'vitest'
import { dataText, designText, farmTimes, type PlanData } from './plan.ts'

const plain = { samples: 5, inputs: ['age'], dropped: 0, filled: [], scaled: null, constant: [] }

test.each([
  [{}, '5 samples; 1 input: age'],
  [{ samples: 1, dropped: 1 }, '1 sample; 1 line left out because of a missing value; 1 input: age'],
  [
    { filled: [{ column: 'age', count: 2, value: 31.18754321 }], scaled: 'standard' as const },
    '5 samples; 2 missing values in age filled with 31.1875; 1 input: age; numeric inputs scaled to mean 0 and ' +
      'variance 1',
  ],
  [
    { inputs: ['p', 'colour=\u001b[31mred'], scaled: 'range' as const, constant: ['p'] },
    '5 samples; 2 inputs: p, colour=\ufffd[31mred; numeric inputs scaled to 0 .. 1; constant inputs set to 0: p',
  ],
])('%j', (change, text) => {
  expect(dataText({ ...plain, ...change })).toBe(text)
})

test('long lists are cut', () => {
  const inputs = Array.from({ length: 784 }, (_, i) => `p${i}`)
  const filled = inputs.map((column) => ({ column, count: 1, value: 0 }))
  const text = dataText({ ...plain, inputs, filled })
  expect(text).toContain('p7 and 776 more')
  expect(text).toContain('missing values in 776 more columns filled')
  expect(text.length).toBeLessThan(700)
})

test.each([
  ['sobol', 1, 'sobol, 1 point over a, b'],
  ['sobol', 64, 'sobol, 64 points over a, b'],
  ['sobol', 100, 'sobol, 100 points over a, b; 64 or 128 points (a power of two) would be spread more evenly'],
  ['sobol', 1_000_000, 'sobol, 1000000 points over a, b; 524288 points (a power of two) would be spread more evenly'],
  ['latin', 100, 'latin, 100 points over a, b'],
] as const)('%s of %d', (kind, points, text) => {
  expect(designText({ kind, points, axes: ['a', 'b'] })).toBe(text)
})

test('the times name the slowest cell', () => {
  const seconds = { threads: 2, of: 'workers', sweeps: 0, elapsed: 5 } as const
  const advice = (cell: number, direct: number) =>
    ({ cell, method: 'direct', probability: null, seconds: { direct, splitting: null }, reason: '' }) as const
  const plan = {
    seconds: { ...seconds, precise: { direct: 1e99, splitting: 26 } },
    cells: 8,
    upperBound: false,
    recommended: [advice(7, 0.5), advice(0, 86_400)],
    perCell: [{ index: 0, params: { 'update.drift.sigma': 0.2 } }],
  } as unknown as PlanData
  expect(farmTimes(plan)[1]![1]).toBe(
    'roughly 26 s with splitting, for all cells; with direct trials 24 h in cell 0 (sigma 0.2), but 0.5 s in cell 7',
  )
  const all = { ...plan, seconds: { ...seconds, precise: { direct: 9, splitting: null } } } as PlanData
  expect(farmTimes(all)[1]![1]).toBe('roughly 9 s with direct trials, for all cells')
})
