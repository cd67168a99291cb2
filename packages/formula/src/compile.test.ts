import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import * as build from './build.ts'
import { compileCondition, compileScalar } from './compile.ts'
import { differentiate } from './differentiate.ts'
import { FormulaError } from './errors.ts'
import type { Expression } from './expression.ts'
import { isBoolean } from './fold.ts'
import { elementary } from './index.ts'
import { parse } from './parser.ts'
import { anyExpression, indexedExpression } from './randomExpressions.fixture.ts'
import { walk } from './walk.fixture.ts'

const slots = {
  names: new Map([
    ['x', 0],
    ['y', 1],
    ['theta_1', 2],
    ['c', 3],
    ['i', 4],
    ['j', 5],
    ['k', 6],
  ]),
  arrays: new Map([
    ['x', 0],
    ['w', 1],
  ]),
}
const values = Float64Array.of(0.7, -1.3, 2.5, 0.1, 2, 3, 4)
const arrays = [Float64Array.of(0.3, -0.4, 1.1, 0.9, -2, 0.6, 0.2, -0.1, 0.8, 1.2, -0.7), Float64Array.of(1, 2, 3)]
const lookUp = {
  name: (word: string) => values[slots.names.get(word)!]!,
  element: (word: string, index: number) => arrays[slots.arrays.get(word)!]![index - 1] ?? Number.NaN,
}

function same(e: Expression): void {
  const compiled = (isBoolean(e) ? compileCondition : compileScalar)(e, slots)(values, arrays)
  expect(compiled).toBe(walk(e, lookUp))
}

it('computes the very bits that a walk of the tree computes', () => {
  fc.assert(fc.property(anyExpression, same), { numRuns: 1000, seed: 7 })
  fc.assert(
    fc.property(indexedExpression, (e) => same(differentiate(e, { name: 'x', index: build.name('k'), length: 11 }))),
    { numRuns: 300, seed: 8 },
  )
})

it('computes with the elementary functions', () => {
  const at = (text: string) => compileScalar(parse(text), slots)(values, arrays)
  expect(at('x^3')).toBe(elementary.powerInteger(0.7, 3))
  expect(at('x^2.5')).toBe(elementary.power(0.7, 2.5))
  expect(at('x^65')).toBe(elementary.power(0.7, 65))
  expect(at('tanh(x)')).toBe(elementary.tanh(0.7))
  expect(at('sum(i, 1, 3, w[i]*x)')).toBe(1 * 0.7 + 2 * 0.7 + 3 * 0.7)
  expect(at('sum(i, 1, 0, w[i])')).toBe(0)
  expect(at('prod(i, 1, 0, w[i])')).toBe(1)
  expect(at('prod(i, 1, 3, w[i])')).toBe(6)
  expect(at('w[4]')).toBeNaN()
  expect(at('w[x]')).toBeNaN()
})

it('survives a tree as deep as a sum of 5,000 terms', () => {
  const e = parse(`x${' + y'.repeat(4999)}`)
  same(e)
  same(parse(`${'sum(i, 1, 2, '.repeat(12)}x${')'.repeat(12)}`))
})

it('refuses unknown names and the wrong kind', () => {
  expect(() => compileScalar(parse('theta1'), slots)).toThrow(FormulaError)
  expect(() => compileScalar(parse('x > 0'), slots)).toThrow(FormulaError)
  expect(() => compileCondition(parse('x'), slots)).toThrow(FormulaError)
})
