import { differentiate, type Expression, evaluate, parseNumber } from '@driftfarm/formula'
import { describe, expect, test } from 'vitest'
import { presets, resolveLandscape } from '../index.ts'

function valueAt(preset: ReturnType<typeof resolveLandscape>, e: Expression, point: readonly number[]): number {
  const parameters = new Map(preset.landscape.parameters)
  const valueOf = (name: string) => parameters.get(name) ?? point[preset.landscape.variables?.indexOf(name) ?? -1]!
  return Number(evaluate(e, valueOf, () => Float64Array.from(point)))
}

describe.each(presets.map(({ name }) => name))('%s', (name) => {
  test('the gradient is 0 at every named minimum, and the loss is larger around it', () => {
    const preset = resolveLandscape(name)
    const { variables, dimension, expression } = preset.landscape
    const loss = parseNumber(expression)
    const lossAt = (point: readonly number[]) => valueAt(preset, loss, point)
    expect(preset.minima.length).toBeGreaterThan(0)
    for (const [, point] of preset.minima) {
      for (let i = 0; i < dimension; i++) {
        const variable = variables === null ? { name: 'x', index: parseNumber(`${i + 1}`) } : { name: variables[i]! }
        const slope = valueAt(preset, differentiate(loss, variable), point)
        expect(Math.abs(slope)).toBeLessThan(1e-11)
        for (const shift of [-1e-3, 1e-3])
          expect(lossAt(point.with(i, point[i]! + shift))).toBeGreaterThan(lossAt(point))
      }
    }
  })
})

/** Roots to 17 digits from the theory of the double well and of the bi-channel potential (Newton in 30 digits). */
describe('polished minima', () => {
  const pointsOf = (name: string, parameters = {}) => Object.fromEntries(resolveLandscape(name, { parameters }).minima)

  test('tilted double well, c = 0.1', () => {
    const { left, right } = pointsOf('tilted-double-well')
    expect(left![0]).toBeCloseTo(-1.0466805318046022, 15)
    expect(right![0]).toBeCloseTo(0.9456492739235914, 15)
  })

  test('three-hole', () => {
    const { left, right, top } = pointsOf('three-hole')
    expect(left![0]).toBeCloseTo(-1.0480549928242195, 14)
    expect(left![1]).toBeCloseTo(-0.042093666306677824, 14)
    expect(right).toEqual([-left![0]!, left![1]])
    expect(top![0]).toBe(0)
    expect(top![1]).toBeCloseTo(1.5370820044494622, 14)
  })

  test('of a lost well only the other one is left', () => {
    expect(Object.keys(pointsOf('tilted-double-well', { c: 0.384 }))).toEqual(['left', 'right'])
    expect(Object.keys(pointsOf('tilted-double-well', { c: 0.386 }))).toEqual(['left'])
    expect(Object.keys(pointsOf('tilted-double-well', { c: -0.386 }))).toEqual(['right'])
  })
})

test('known values', () => {
  const at = (name: string, point: readonly number[]) => {
    const preset = resolveLandscape(name, { ...(point.length > 2 ? { dimension: point.length } : {}) })
    return valueAt(preset, parseNumber(preset.landscape.expression), point)
  }
  expect(at('mueller-brown', [-0.5582236346, 1.4417258418])).toBeCloseTo(-146.699517, 5)
  expect(at('himmelblau', [0, 0])).toBe(170)
  expect(at('six-hump-camel', [0.0898, -0.7126])).toBeCloseTo(-1.0316284, 6)
  expect(at('rosenbrock', [0, 0, 0])).toBe(2)
  expect(at('rastrigin', [0, 0, 0])).toBe(0)
  expect(at('ackley', [0, 0])).toBeCloseTo(0, 14)
  expect(at('styblinski-tang', [-2.903534027771177, -2.903534027771177])).toBeCloseTo(-78.33233140754282, 10)
  expect(at('three-hole', [0, 0])).toBeCloseTo(
    3 * Math.exp(-1 / 9) - 3 * Math.exp(-25 / 9) - 10 * Math.exp(-1) + 0.2 / 81,
    12,
  )
})

test('every view is a range a coordinate, and shows all named minima', () => {
  for (const { name, view, dimension } of presets) {
    expect(view.length).toBe(Math.min(dimension, 2))
    for (const [, point] of resolveLandscape(name).minima)
      view.forEach(([low, high], i) => {
        expect(low < point[i]! && point[i]! < high).toBe(true)
      })
  }
})
