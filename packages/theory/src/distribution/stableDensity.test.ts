import { describe, expect, it } from 'vitest'
import known from './fixtures/stable.json'
import { onContour, originSeries, tailSeries } from './stableDensity.ts'

describe('the stable law on the line without oscillation', () => {
  it.each([0.2, 0.5, 0.999, 1.5, 1.99, 1.999])('is Fourier’s integral, alpha = %d', (index) => {
    for (const [alpha, x, density, upper] of known.rows as [number, number, number, number][]) {
      // Nearer to 0 than 0.5 the series answers, and so near 2 the corner of the line takes digits of the tail there.
      if (alpha !== index || (alpha > 1.99 && x < 0.5)) continue
      const found = onContour(alpha, x)
      const tolerance = Math.max(1e-14, 2e-15 / (2 - alpha))
      expect(Math.abs(found.density / density - 1), `density at ${x}`).toBeLessThan(tolerance)
      expect(Math.abs(found.upper / upper - 1), `tail at ${x}`).toBeLessThan(tolerance)
    }
  })

  it('is that of Cauchy for alpha = 1', () => {
    for (const x of [0.01, 0.5, 2, 30, 1e4]) {
      const { density, upper } = onContour(1, x)
      expect(density * Math.PI * (1 + x * x)).toBeCloseTo(1, 14)
      expect((upper * Math.PI) / Math.atan(1 / x)).toBeCloseTo(1, 14)
    }
  })
})

describe('series of the stable law', () => {
  it('are right to the last digits on their side of their limits', () => {
    const seen = { origin: 0, tail: 0 }
    for (const [alpha, x, density, upper] of known.rows as [number, number, number, number][]) {
      const origin = originSeries(alpha)
      const tail = tailSeries(alpha)
      expect(origin.limit).toBeLessThan(tail.limit)
      const side = x <= origin.limit ? 'origin' : x >= tail.limit ? 'tail' : null
      if (side === null) continue
      seen[side]++
      const series = side === 'origin' ? origin : tail
      const tolerance = Math.max(1e-14, 5e-16 / (2 - alpha))
      expect(Math.abs(series.density(x) / density - 1), `density, ${alpha}, ${x}`).toBeLessThan(tolerance)
      expect(Math.abs(series.upper(x) / upper - 1), `tail, ${alpha}, ${x}`).toBeLessThan(tolerance)
    }
    expect(seen.origin).toBeGreaterThan(15)
    expect(seen.tail).toBeGreaterThan(15)
  })

  it('begin with Gamma(1 + 1/alpha) / pi and are nothing beyond their limits', () => {
    // Holtsmark: f(0) = Gamma(5/3) / pi.
    expect(originSeries(1.5).density(0) / (0.9027452929509336 / Math.PI)).toBeCloseTo(1, 14)
    expect(originSeries(0.5).density(0)).toBeCloseTo(2 / Math.PI, 14)
    // Negative control: 0.0284 at 6 for alpha = 0.5, where the series at 0 diverges.
    expect(Math.abs(originSeries(0.5).density(0.8) - 0.10872885574450324)).toBeGreaterThan(1)
  })
})
