import { expect, test } from 'vitest'
import { proxyVariance } from './samples.ts'

test('bounds the moments of a skewed coin, and is attained', () => {
  for (const p of [0.01, 0.05, 0.2, 0.4]) {
    // X = 1 with probability p, else -p/(1-p).
    const proxy = proxyVariance(p / (1 - p), 1)
    let attained = 0
    for (let t = -20; t <= 20; t += 0.01) {
      if (Math.abs(t) < 0.1) continue
      const mean = p * Math.exp(t) + (1 - p) * Math.exp((-t * p) / (1 - p))
      expect(2 * Math.log(mean)).toBeLessThanOrEqual(t * t * proxy)
      attained = Math.max(attained, (2 * Math.log(mean)) / (t * t))
    }
    expect(attained / proxy).toBeGreaterThan(0.9999)
  }
})

test('is at least the variance, at most the square of the largest, grows with both, and scales', () => {
  let last = 0
  for (const q of [1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9, 0.998, 0.9991]) {
    const found = proxyVariance(q, 1)
    expect(found).toBeGreaterThanOrEqual(q)
    expect(found).toBeLessThanOrEqual(1)
    expect(found).toBeGreaterThan(last)
    expect(proxyVariance(9 * q, 3) / 9).toBeCloseTo(found, 12)
    expect(proxyVariance(q, 1.1)).toBeGreaterThan(found)
    last = found
  }
  expect(proxyVariance(2, 1)).toBe(1)
  expect(proxyVariance(0, 1)).toBe(0)
  expect(proxyVariance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
})

test('bounds the moments of some samples', () => {
  const samples = [-0.223, 0.112, -0.095, 0.206]
  const variance = samples.reduce((sum, x) => sum + x * x, 0) / 4
  const proxy = proxyVariance(variance, 0.223)
  expect(proxy).toBeLessThan(0.8 * 0.223 ** 2)
  for (let t = -60; t <= 60; t += 0.5) {
    const mean = samples.reduce((sum, x) => sum + Math.exp(t * x), 0) / 4
    expect(Math.log(mean)).toBeLessThanOrEqual((t * t * proxy) / 2 + 1e-12)
  }
})
