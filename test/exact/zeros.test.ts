import { kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'

const trials = 200_000

async function escapes(name: string, eta: number, drift: Record<string, unknown>, radius: number): Promise<number> {
  const spec = {
    version: 1,
    name,
    seed: 977,
    landscape: { preset: 'quadratic', dimension: 1 },
    start: [0],
    update: { eta, drift: { form: 'additive', ...drift } },
    trial: { steps: 200, escape: { outside: { radius, of: [0] } } },
    trials,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: `${name}.json` }).cell(0)
  return (await kernelOf(cell, tables)).run(0, trials, { keep: false, horizons: [] }).tally.escaped
}

test('signs halved for ever stay within twice a step (Bernoulli convolution); a ball 5 % smaller is left', async () => {
  const drift = { law: 'rademacher', step: 0.1 }
  expect(await escapes('signs', 0.5, drift, 0.2)).toBe(0)
  expect(await escapes('signs-control', 0.5, drift, 0.19)).toBeGreaterThan(0)
})

test('bounded drift b never leaves a ball of b/(1 - rho); a ball half as large it does', async () => {
  // uniform: b = 0.05 sqrt 3 = 0.0866, and 1 - rho = 0.1.
  const drift = { law: 'uniform', step: 0.05 }
  expect(await escapes('bounded', 0.1, drift, 0.8661)).toBe(0)
  expect(await escapes('bounded-control', 0.1, drift, 0.433)).toBeGreaterThan(0)
})
