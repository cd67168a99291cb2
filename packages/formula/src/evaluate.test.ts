import { expect, it } from 'vitest'
import * as build from './build.ts'
import { evaluate } from './compile.ts'
import { parse } from './parser.ts'

const valueOf = (word: string) => ({ x: 3, y: -2, n: 3 })[word] ?? Number.NaN
const listOf = () => Float64Array.of(10, 20, 30)

it.each([
  ['x^2 - y', 11],
  ['-x^2', -9],
  ['2^3^2', 512],
  ['x/0', Number.POSITIVE_INFINITY],
  ['min(x, y) + max(x, y)*relu(x) + relu(y)', 7],
  ['abs(y) + sqrt(4)', 4],
  ['sum(i, 1, n, i*w[i])', 140],
  ['prod(i, 1, n, i)', 6],
  ['sum(i, 1, n, sum(i, 1, i, 1))', 6],
  ['sum(i, 2, 1, w[i])', 0],
  ['prod(i, 2, 1, w[i])', 1],
  ['sum(i, 1, q, w[i])', 0],
  ['w[4]', Number.NaN],
  ['x > y && !(x == 3) || y <= -2', true],
  ['x != 3', false],
])('%s is %s', (text, expected) => {
  expect(evaluate(parse(text), valueOf, listOf)).toBe(expected)
})

it('takes only the chosen side', () => {
  const guarded = build.select(parse('x > 5'), parse('w[99]'), parse('w[1]'))
  expect(evaluate(guarded, valueOf, listOf)).toBe(10)
})

it('adds left to right from the first term', () => {
  const list = () => Float64Array.of(1e16, 1, -1e16)
  expect(evaluate(parse('sum(i, 1, 3, w[i])'), valueOf, list)).toBe(1e16 + 1 - 1e16)
  expect(evaluate(parse('sum(i, 3, 3, w[i])*0'), valueOf, list)).toBe(-0)
})
