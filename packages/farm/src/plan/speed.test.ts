import { parseSweep } from '@driftfarm/spec'
import { modulesFolder } from '@driftfarm/testing/modules'
import { cachedModules } from '@driftfarm/worker'
import { expect, test } from 'vitest'
import { Pilot } from './pilot.ts'
import { measureSpeed } from './speed.ts'

/** Estimated time of a trial whose basin test descends from -1 + noise with this step size, in at most 1e9 steps. */
async function secondsWith(eta: number): Promise<number> {
  const spec = {
    version: 1,
    name: 'a',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: [-0.9],
    update: { eta: 0.1, drift: { sigma: 0.1 } },
    trial: { steps: 100, escape: { basin: true, every: 50, gradient: 1e-6, eta, steps: 1e9 } },
    trials: 100,
  }
  const sweep = parseSweep(JSON.stringify(spec), { fileName: 'a.json' })
  const speed = await measureSpeed(sweep, { pilot: new Pilot(), module: cachedModules(modulesFolder()) })
  return speed.secondsPerTrial(sweep.cell(0).cell)
}

test('a descent that may take long, but does not, costs what it takes; one that does costs its maximum', async () => {
  // About 100 steps, of at most 1e9.
  expect(await secondsWith(0.1)).toBeLessThan(0.1)
  expect(await secondsWith(1e-7)).toBeGreaterThan(1)
})
