import { expect, test } from 'vitest'
import { mergeStatements } from './mergeStatements.ts'

const said = (...texts: string[]) => texts.map((text, at) => ({ at: at + 1, text }))

test('a sentence that is the same for all is given once, without a place', () => {
  expect(mergeStatements(said('wide', 'wide'), 'eta', 2)).toEqual(['wide'])
  expect(mergeStatements(said('wide', 'wide'), 'eta', 3)).toEqual(['eta 1: wide; similar at 2'])
})

test('sentences that differ only in numbers are similar; others are separate', () => {
  expect(mergeStatements(said('2.5 times', '1e-3 times', 'never', '4 times'), 'eta', 4)).toEqual([
    'eta 1: 2.5 times; similar at 2, 4',
    'eta 3: never',
  ])
})

test('of very many, the first few are named', () => {
  expect(mergeStatements(said(...Array.from({ length: 450 }, (_, i) => `${i} cells`)), 'eta', 450)).toEqual([
    'eta 1: 0 cells; similar at 2, 3, 4, 5 and 445 more',
  ])
  expect(mergeStatements([], 'eta', 3)).toEqual([])
})
