import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const home = servedHome()

/**
 * Of the double well with eta 0.1 and sigma 1, left of its saddle: 1 - lambda_1, lambda_1 the largest eigenvalue of one
 * step (exact by quadrature in two resolutions). Once a trial has forgotten its start, it escapes at this rate per
 * step.
 */
const exact = 2.409269265e-4

async function rateOf(name: string, steps: number, trials: number, after: number) {
  const spec = {
    version: 1,
    name,
    seed: 977,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps, escape: 'x >= 0' },
    trials,
    record: 'none',
    // The false-alarm rate: seeds are fixed, so what passed once passes always.
    confidence: 0.999999,
    rate: { after },
    estimates: ['escapeRate'],
  }
  const { cells } = await runToResults(writeSpec(home, name, spec), home)
  return cells[0]!.estimates.escapeRate!
}

test('after a burn-in the rate is the exact one, and constant; from the start on it is neither', async () => {
  const later = await rateOf('later', 1000, 30_000, 150)
  expect(later.low).toBeLessThan(exact)
  expect(later.high).toBeGreaterThan(exact)
  // Tight enough to tell: 5,400 escapes.
  expect(later.high / later.low).toBeLessThan(1.2)
  expect(later.exponentiality!.pValue).toBeGreaterThan(1e-6)
  const early = await rateOf('early', 100, 100_000, 0)
  expect(early.high).toBeLessThan(exact)
  expect(early.exponentiality!.pValue).toBeLessThan(1e-6)
})
