import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as build from './build.ts'
import { evaluate } from './compile.ts'
import { differentiate } from './differentiate.ts'
import { FormulaError } from './errors.ts'
import { expand } from './expand.ts'
import { parse } from './parser.ts'
import { print } from './print.ts'
import { indexedExpression, mildExpression } from './randomExpressions.fixture.ts'
import { evaluateRounded } from './rounding.fixture.ts'

const derivative = (text: string, name = 'x') => print(differentiate(parse(text), { name }))
const gather = (text: string, length?: number) =>
  print(differentiate(parse(text), { name: 'x', index: build.name('k'), ...(length === undefined ? {} : { length }) }))

describe('differentiate by a name', () => {
  it.each([
    ['(x^2 - 1)^2/4 + c*x', 'x*(x^2 - 1) + c'],
    ['(x^2 - 1)^2/4 + (y - x^2)^2/2', 'x*(x^2 - 1) - 2*x*(y - x^2)'],
    ['y', '0'],
    ['exp(2*x)', '2*exp(2*x)'],
    ['log(x)', '1/x'],
    ['sqrt(x)', '0.5/sqrt(x)'],
    ['sin(x)', 'cos(x)'],
    ['cos(x)', '-sin(x)'],
    ['tan(x)', '1 + tan(x)^2'],
    ['sinh(x)', 'cosh(x)'],
    ['cosh(x)', 'sinh(x)'],
    ['tanh(x)', '1 - tanh(x)^2'],
    ['atan(x)', '1/(1 + x^2)'],
    ['acos(x)', '-1/sqrt(1 - x^2)'],
    ['sigmoid(x)', 'sigmoid(x)*(1 - sigmoid(x))'],
    ['softplus(x)', 'sigmoid(x)'],
    ['erf(x)', '1.1283791670955126*exp(-x^2)'],
    ['relu(x)', 'select(x > 0, 1, 0)'],
    ['abs(x)', 'select(x > 0, 1, select(x < 0, -1, 0))'],
    ['max(x, x^2)', 'select(x^2 > x, 2*x, 1)'],
    ['min(x, y)', 'select(y < x, 0, 1)'],
    ['x^c', 'c*x^(c - 1)'],
    ['c^x', 'log(c)*c^x'],
    ['x^2.5', '2.5*x^1.5'],
    ['y/x', '-(y/x^2)'],
    ['sum(x, 1, 3, x)', '0'],
    ['sum(i, 1, 3, x^i)', 'sum(i, 1, 3, i*x^(i - 1))'],
  ])('%s', (text, expected) => {
    expect(derivative(text)).toBe(expected)
  })

  it('agrees with central differences on random trees', () => {
    let compared = 0
    const coordinate = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 1000)
    fc.assert(
      fc.property(
        mildExpression,
        coordinate,
        coordinate,
        fc.integer({ min: 200, max: 2000 }).map((n) => n / 1000),
        (e, x, y, c) => {
          const unrolled = expand(e)
          const value = (at: number) =>
            evaluateRounded(
              unrolled,
              (word) => (word === 'x' ? at : word === 'y' ? y : c),
              () => Number.NaN,
            )
          const h = 1e-4
          const [left, middle, right] = [value(x - h), value(x), value(x + h)]
          const slopes = [(middle.value - left.value) / h, (right.value - middle.value) / h]
          const difference = (slopes[0]! + slopes[1]!) / 2
          const noise = (left.error + 2 * middle.error + right.error) / h
          const slope = evaluate(differentiate(e, { name: 'x' }), (word) =>
            word === 'x' ? x : word === 'y' ? y : c,
          ) as number
          // Left out: overflow, undefined values, and kinks or poles, where the two sides disagree.
          const uncertain = Math.abs(slopes[1]! - slopes[0]!) + noise
          if (!(uncertain < 1e-2 * (1 + Math.abs(difference))) || !Number.isFinite(slope)) return
          compared++
          expect(Math.abs(slope - difference)).toBeLessThanOrEqual(uncertain + 1e-3 * (1 + Math.abs(difference)))
        },
      ),
      { numRuns: 3000, seed: 5 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})

describe('differentiate by an element', () => {
  it.each([
    ['sum(i, 1, d, h*x[i]^2/2)', 'select(k <= d, h*x[k], 0)'],
    ['sum(i, 2, d, x[i])', 'select(2 <= k && k <= d, 1, 0)'],
    ['sum(i, 1, 3, x[4 - i]*i)', 'select(k <= 3, 4 - k, 0)'],
    ['sum(k, 1, 3, x[k]*k)', 'select(k <= 3, k, 0)'],
    ['sum(i, 1, 3, x[2*i])', 'sum(i, 1, 3, select(k == 2*i, 1, 0))'],
    ['prod(i, 1, 3, x[i])', 'select(k <= 3, prod(i, 1, 3, select(i == k, 1, x[i])), 0)'],
    ['x[1]*x[2]', 'select(k == 1, x[2], 0) + select(k == 2, x[1], 0)'],
    ['x[k]^2', '2*x[k]'],
    ['sum(i, 1, d, w[i])', '0'],
  ])('%s', (text, expected) => {
    expect(gather(text)).toBe(expected)
  })

  it('spares the comparisons that always hold', () => {
    expect(gather('sum(i, 1, 10, h*x[i]^2/2)', 10)).toBe('h*x[k]')
    expect(gather('sum(i, 1, 9, (x[i + 1] - x[i]^2)^2)', 10)).toBe(
      'select(2 <= k, 2*(x[k] - x[k - 1]^2), 0) + select(k <= 9, -4*x[k]*(x[k + 1] - x[k]^2), 0)',
    )
  })

  it('agrees, as a gather, with the gradient of the expanded expression', () => {
    let compared = 0
    const length = 11
    const point = fc.array(
      fc.integer({ min: -1500, max: 1500 }).map((n) => n / 1000),
      { minLength: length, maxLength: length },
    )
    fc.assert(
      fc.property(indexedExpression, point, fc.integer({ min: 1, max: length }), (e, x, k) => {
        const name = (word: string) => (word === 'c' ? 0.7 : Number.NaN)
        const element = (index: number) => x[index - 1] ?? Number.NaN
        const index = build.number(k)
        const general = differentiate(e, { name: 'x', index: build.name('k'), length })
        const gathered = evaluateRounded(expand(general, new Map([['k', k]])), name, element)
        const literal = evaluateRounded(expand(differentiate(e, { name: 'x', index })), name, element)
        const direct = evaluateRounded(differentiate(expand(e), { name: 'x', index }), name, element)
        for (const { value, error } of [gathered, literal]) {
          if (!Number.isFinite(error) || !Number.isFinite(direct.error)) continue
          compared++
          const tolerance = 1e-12 * Math.abs(direct.value) + 2 * (error + direct.error)
          expect(Math.abs(value - direct.value)).toBeLessThanOrEqual(tolerance)
        }
      }),
      { numRuns: 1000, seed: 6 },
    )
    expect(compared).toBeGreaterThan(1500)
  })
})

it('refuses a derivative that would be too large', () => {
  const product = parse(Array.from({ length: 4000 }, () => 'x').join('*'))
  expect(() => differentiate(product, { name: 'x' })).toThrow(FormulaError)
})

it('survives a long sum', () => {
  const e = parse(Array.from({ length: 1600 }, (_, i) => `x[${i + 1}]^2`).join(' + '))
  expect(print(differentiate(e, { name: 'x', index: build.number(7) }))).toBe('2*x[7]')
})
