import { expect, test } from 'vitest'
import { subtreeLabels } from './label.ts'

test('labels contain only what differs', () => {
  const form = 'additive'
  expect(
    subtreeLabels(['none', { form, law: 'gaussian', step: 0.1 }, { form, law: { stable: { alpha: 1.5 } }, step: 0.1 }]),
  ).toEqual(['none', 'law gaussian', 'alpha 1.5'])
})

test('numbers, lists, and mappings that are all alike', () => {
  expect(subtreeLabels([1, [2, 1]])).toEqual(['1', '(2, 1)'])
  expect(subtreeLabels([{ a: 1 }, { a: 1 }])).toEqual(['a 1', 'a 1'])
  expect(subtreeLabels([{ a: [1, 2], b: 1 }, { a: [1, 3] }])).toEqual(['a (1, 2), b 1', 'a (1, 3)'])
})

test('a method has its name, and methods of one name are labelled by what differs', () => {
  const splitting = (particles: number) => ({ splitting: { score: 'x', target: 0, particles } })
  const tilt = { tilt: { shift: '-g', original: 0.1 } }
  expect(subtreeLabels(['direct', splitting(10), 'direct', splitting(10)])).toEqual([
    'direct',
    'splitting',
    'direct',
    'splitting',
  ])
  expect(subtreeLabels([splitting(10), tilt, splitting(20)])).toEqual([
    'splitting particles 10',
    'tilt',
    'splitting particles 20',
  ])
  expect(subtreeLabels(['splitting', { splitting: { particles: 10 } }])).toEqual([
    'splitting',
    'splitting particles 10',
  ])
  expect(subtreeLabels([{ power: { initial: 1 } }, { exponential: { initial: 1 } }, 0.1])).toEqual([
    'power',
    'exponential',
    '0.1',
  ])
})
