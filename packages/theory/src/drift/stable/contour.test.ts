import { describe, expect, it } from 'vitest'
import { onContour } from './contour.ts'
import known from './fixtures/stable.json'

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
