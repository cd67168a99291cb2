import { expect, it } from 'vitest'
import { operations } from './operations.ts'
import { parse } from './parser.ts'

it.each([
  ['x', 0],
  ['x*(x^2 - 1)', 3],
  ['-sin(x) + x[i + 1]', 3],
  ['x > 0 && y > 1', 3],
  ['sum(i, 1, 10, x[i]^2)', 20],
  ['sum(i, 1, 10, sum(j, 1, 10, x[i]*x[j]))', 210],
  ['sum(i, 3, 1, x[i]^2)', 0],
  ['sum(i, 1, 11 - 1, x[i]^2)', 21],
  ['sum(i, 1, d, x[i]^2)', 2],
])('%s takes %i', (text, count) => {
  expect(operations(parse(text))).toBe(count)
})
