import { expect, test } from 'vitest'
import { clopperPearson, DriftfarmError, splitting } from './statistics.ts'

test('splitting replicas: mean and interval', () => {
  // m * (1 - c) and m / (1 - c), c being scipy.stats.t.ppf(0.975, 2) * scipy.stats.sem([0.1, 0.2, 0.15]) / m
  const { value, low, high, method } = splitting([0.1, 0.2, 0.15])
  expect(value).toBeCloseTo(0.15, 15)
  expect(low).toBeCloseTo(0.02579311441, 10)
  expect(high).toBeCloseTo(0.872325832398, 10)
  expect(method).toBe('replicas')
})

test('no survivor, equal replicas, a single replica: no spread, but still an interval', () => {
  expect(splitting([0, 0, 0])).toMatchObject({ value: 0, low: 0, method: 'extinct' })
  expect(splitting([0, 0, 0]).high).toBeCloseTo(1 - 0.05 ** (1 / 3), 14)
  expect(splitting(Float64Array.of(0.5, 0.5))).toMatchObject({ value: 0.5, method: 'alike' })
  expect(splitting([0.5, 0.5]).low).toBeCloseTo(0.5 * 0.05, 14)
  expect(splitting([0.5])).toMatchObject({ value: 0.5, low: 0, high: 1 })
  expect(splitting([1e-300, 1e-300, 3e-300]).value / 1e-300).toBeCloseTo(5 / 3, 12)
})

test.each([[[]], [[Number.NaN]], [[0.1, -0.1]], [[Number.POSITIVE_INFINITY]]])('%j is refused', (estimates) => {
  expect(() => splitting(estimates)).toThrow(DriftfarmError)
})

test('a confidence of 1 or 0 is refused', () => {
  expect(() => splitting([0.1], 1)).toThrow(/confidence/i)
  expect(() => clopperPearson(1, 2, 0)).toThrow(DriftfarmError)
})
