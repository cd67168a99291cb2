import { expect, it } from 'vitest'
import { freshName, isName, isReserved } from './names.ts'

it.each([
  ['x', true],
  ['theta_1', true],
  ['_', true],
  ['1x', false],
  ['', false],
  ['a b', false],
  ['e', false],
  ['pi', false],
  ['sin', false],
  ['sum', false],
  ['select', false],
  ['constructor', true],
])('%s can be a name: %s', (word, expected) => {
  expect(isName(word)).toBe(expected)
})

it('reserves the words of the grammar only', () => {
  expect(isReserved('tanh')).toBe(true)
  expect(isReserved('toString')).toBe(false)
})

it('makes fresh names', () => {
  expect(freshName('i', new Set(['j']))).toBe('i')
  expect(freshName('i', new Set(['i', 'i_1']))).toBe('i_2')
  expect(freshName('i_1', new Set(['i_1']))).toBe('i_2')
})
