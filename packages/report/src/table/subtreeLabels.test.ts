import { expect, test } from 'vitest'
import { subtreeLabels } from './subtreeLabels.ts'

test('only what differs is said', () => {
  const form = 'additive'
  expect(
    subtreeLabels(['none', { form, law: 'gaussian', step: 0.1 }, { form, law: { stable: { alpha: 1.5 } }, step: 0.1 }]),
  ).toEqual(['none', 'law gaussian', 'alpha 1.5'])
})

test('numbers, lists, and mappings that are all alike', () => {
  expect(subtreeLabels([1, [2, 1]])).toEqual(['1', '[2,1]'])
  expect(subtreeLabels([{ a: 1 }, { a: 1 }])).toEqual(['{"a":1}', '{"a":1}'])
  expect(subtreeLabels([{ a: [1, 2], b: 1 }, { a: [1, 3] }])).toEqual(['a [1,2], b 1', 'a [1,3]'])
})
