import { expect, it } from 'vitest'
import { editDistance, nearestWord } from './nearestWord.ts'

it.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['sinn', 'sin', 1],
  ['exit', 'exti', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('from %s to %s are %i edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

it.each([
  ['simga', ['sigma', 'signs'], 'sigma'],
  ['gradnrom', ['loss', 'gradnorm'], 'gradnorm'],
  ['X', ['x', 'y'], 'x'],
  ['q', ['x', 'y'], undefined],
  ['temperature', ['eta', 'rule'], undefined],
  ['', ['x'], undefined],
  ['z'.repeat(10_000), ['x'], undefined],
])('%s is nearest to %s', (word, candidates, nearest) => {
  expect(nearestWord(word, candidates)).toBe(nearest)
})
