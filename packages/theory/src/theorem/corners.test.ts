import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { theorem } from './theorem.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

/** A cell in a corner where a bound was once false. */
function ask(
  more: {
    readonly loss: string
    readonly start: number
    readonly eta: unknown
    readonly sigma: unknown
    readonly steps: number
    readonly ball: { readonly radius: number; readonly of: readonly number[] }
  },
  certificate = false,
) {
  const { loss, start, eta, sigma, steps, ball } = more
  const spec = {
    version: 1,
    name: 'one',
    landscape: { formula: { variables: ['x'], expression: loss } },
    start: [start],
    update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } },
    trial: { steps, escape: { outside: ball } },
    trials: 1,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'one' }).cell(0)
  return theorem(cell, tables, { certificate })
}
const unit = { radius: 1, of: [0] }

describe('corners in which a bound was once false', () => {
  it('a drift that grows before eta falls is not bounded by the fall of eta', async () => {
    // eta = 0.1 until n is a million, while sigma = 0.0178 (1 + n)^0.45: at n = 10^5 the deviation is 0.7.
    const eta = { power: { initial: 0.1, offset: 1e6, exponent: 1 } }
    const sigma = { power: { initial: 0.0178, offset: 1, exponent: -0.45 } }
    const { forever } = await ask({ loss: 'x^2/2', start: 0, eta, sigma, steps: 100, ball: unit })
    expect(forever).toHaveProperty('reason', expect.stringContaining('no single power'))
  })

  it('a scale below 0 is a scale', async () => {
    // Scales 0.5 and -0.495: P(leave) = 0.11.
    const sigma = { expression: 'cos(3*n)' }
    const { bounds } = await ask({ loss: 'x^2/2', start: 0, eta: 0.5, sigma, steps: 2, ball: unit })
    expect(bounds!.lower).toBeGreaterThan(0.1)
    expect(bounds!.lower).toBeLessThan(0.12)
    expect(Math.abs(bounds!.upper! / bounds!.lower! - 1)).toBeLessThan(1e-9)
  })

  it('a ball about another point is another ball', async () => {
    // The near edge is 29.7 stationary deviations away, not 30: 4e-194 a step instead of 1e-197.
    const ball = { radius: 0.01, of: [100.0001] }
    const question = { loss: '(x-100)^2/2', start: 100, eta: 0.1, sigma: 1.453e-3, steps: 1000, ball }
    const { escape, bounds } = await ask(question)
    expect(escape.ends).not.toBe('both')
    expect(bounds!.upper).toBeGreaterThan(1e-194)
  })

  if (full)
    it('what doubles do not hold is not nothing', async () => {
      // r^2 / v is 2240.
      const question = { loss: '(x^2-1)^2/4', start: -1, eta: 0.1, sigma: 0.03, steps: 100 }
      const { horizon, bounds, certificate } = await ask({ ...question, ball: { radius: 0.3, of: [-1] } }, true)
      expect(Number.isFinite(horizon!.steps)).toBe(true)
      expect(horizon!.steps).toBeGreaterThan(1e290)
      for (const bound of [bounds!.upper, bounds!.escape, bounds!.union, bounds!.exponential])
        expect(bound).toBeGreaterThan(0)
      expect('reason' in certificate ? 1 : certificate.escape).toBeGreaterThan(0)
    })

  it('steps that hardly contract have a bound by the exponential that keeps its digits', async () => {
    // eta mu = 1e-9, at a stationary deviation of 1/30.
    const question = { loss: 'x^2/2', start: 0, eta: 1e-9, steps: 1000, ball: unit }
    const { bounds } = await ask({ ...question, sigma: Math.sqrt(2 / 1e-9) / 30 })
    expect(bounds!.exponential).toBeGreaterThan(bounds!.escape!)
  })
})
