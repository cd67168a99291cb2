import { type FormulaLandscape, parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { derivativesOf } from '../interval/derivatives.ts'
import { sampleSpread, unbounded } from './samples.ts'

const of = (expression: string, columns: Readonly<Record<string, readonly number[]>>, variables = ['w']) => {
  const spec = {
    version: 1,
    name: 'samples',
    landscape: { formula: { variables, expression, data: { columns } } },
    start: variables.map(() => 0.7),
    update: { rule: 'gradient', eta: 0.1 },
    trial: { steps: 1 },
    trials: 1,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'samples' }).cell(0)
  const found = derivativesOf(cell.landscape as FormulaLandscape, tables)
  if (found === null) throw new Error('no derivatives')
  return found
}

describe('the spread of the samples on a ball', () => {
  test('of a mean of squares is that of the samples, everywhere', () => {
    const found = sampleSpread(of('(w - a)^2/2', { a: [-1, 1, 3] }), { center: [0.4], radius: 2 })
    expect(found.largest).toBeCloseTo(2, 10)
    expect(found.trace).toBeCloseTo(8 / 3, 10)
    expect(found.variance).toBeCloseTo(8 / 3, 10)
  })

  test('is also about the middle, where samples lie aside of their mean', () => {
    const derivatives = of('(w - a)^2/2', { a: [0, 0, 0, 4] })
    const found = sampleSpread(derivatives, { center: [1], radius: 1 })
    expect(found.largest).toBeCloseTo(3, 10)
    expect(found.around).toBeCloseTo(2, 10)
    expect(found.variance).toBeCloseTo(3, 10)
  })

  test('of a regression is that at the edge of the ball, not that at the minimum', () => {
    const derivatives = of('(x*w)^2/2', { x: [1, 2] })
    const { largest, trace } = sampleSpread(derivatives, { center: [0], radius: 0.5 })
    // (4 - 1)/2 |w| at w = 1/2.
    expect(largest).toBeGreaterThanOrEqual(0.75)
    expect(largest).toBeLessThan(0.7501)
    expect(trace).toBeGreaterThanOrEqual(0.5625)
    expect(trace).toBeLessThan(0.5626)
    expect(sampleSpread(derivatives, { center: [0], radius: 1e-9 }).largest).toBeLessThan(1e-8)
  })

  test('no point of the ball has more: logistic regression in two dimensions', () => {
    const columns = { u: [1, 0.3, -0.8, 0.5, -1], v: [0.5, -1, 0.2, 1.2, -0.4], s: [1, -1, -1, 1, -1] }
    const derivatives = of('softplus(-s*(a*u + b*v)) + 0.05*(a^2 + b^2)', columns, ['a', 'b'])
    const found = sampleSpread(derivatives, { center: [0.5, 0.2], radius: 1 })
    let [seen, variance, along] = [0, 0, 0]
    for (let i = 0; i < 2000; i++) {
      const [angle, length] = [2.399963 * i, Math.sqrt((i + 1) / 2000)]
      const [a, b] = [0.5 + length * Math.cos(angle), 0.2 + length * Math.sin(angle)]
      const gradients = columns.u.map((u, k) => {
        const [v, s] = [columns.v[k]!, columns.s[k]!]
        const pull = -s / (1 + Math.exp(s * (a * u + b * v)))
        return [pull * u, pull * v] as const
      })
      const mean = [0, 1].map((k) => gradients.reduce((sum, g) => sum + g[k]! / gradients.length, 0))
      const squares = gradients.map((g) => (g[0] - mean[0]!) ** 2 + (g[1] - mean[1]!) ** 2)
      variance = Math.max(variance, squares.reduce((sum, x) => sum + x, 0) / squares.length)
      const of = (j: number, k: number) =>
        gradients.reduce((sum, g) => sum + ((g[j]! - mean[j]!) * (g[k]! - mean[k]!)) / gradients.length, 0)
      along = Math.max(along, (of(0, 0) + of(1, 1)) / 2 + Math.hypot((of(0, 0) - of(1, 1)) / 2, of(0, 1)))
      // No ball that contains them is smaller than half of their largest distance.
      for (const g of gradients)
        for (const h of gradients) seen = Math.max(seen, Math.hypot(g[0] - h[0], g[1] - h[1]) / 2)
    }
    expect(found.around).toBeGreaterThanOrEqual(seen)
    expect(found.around).toBeLessThan(1.4 * seen)
    expect(found.largest).toBeGreaterThanOrEqual(found.around)
    expect(found.variance).toBeGreaterThanOrEqual(along)
    expect(found.variance).toBeLessThan(1.05 * along)
    expect(found.trace).toBeGreaterThanOrEqual(variance)
    expect(found.trace).toBeLessThan(1.02 * variance)
  })

  test('a kink is bounded, a pole is not', () => {
    expect(sampleSpread(of('abs(w - a) + w^2', { a: [0, 1] }), { center: [0], radius: 0.5 }).largest).toBeLessThan(3)
    const pole = sampleSpread(of('a/w + w^2', { a: [1, 2] }), { center: [0.5], radius: 0.6 })
    expect(pole).toEqual(unbounded)
  })

  test('one sample has none', () => {
    expect(sampleSpread(of('(w - a)^4', { a: [1] }), { center: [0.5], radius: 0.6 })).toEqual({
      largest: 0,
      around: 0,
      trace: 0,
      variance: 0,
    })
  })
})
