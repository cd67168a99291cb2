import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { oracle } from './oracle.ts'

const isMean = (name: string) => name.startsWith('mean') || name === 'rate'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// Sums of these came out as 1.0000000000000002, 1.0000000000000004, 1.0000000000000067 and -6e-23.
const drifts = [
  { law: 'gaussian', sigma: 0.5 },
  { law: 'gaussian', sigma: 5 },
  { law: 'uniform', sigma: 0.6 },
  { law: 'uniform', sigma: 0.5 },
]
test.each(full ? drifts : drifts.slice(0, 2))(
  'no probability is beyond 0 and 1: $law of sigma $sigma',
  ({ law, sigma }) => {
    const spec = {
      version: 1,
      name: 'bounds',
      landscape: { preset: 'double-well' },
      start: [-1],
      update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law, sigma } },
      trial: { steps: 200, escape: 'x >= 0' },
      trials: 1,
    }
    const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'bounds' }).cell(0)
    const found = oracle(cell, tables)
    if ('reason' in found) throw new Error(found.reason)
    for (const { name, value, error } of found.answers) {
      expect(value, name).toBeGreaterThanOrEqual(0)
      if (!isMean(name)) expect(value, name).toBeLessThanOrEqual(1)
      // What a sum was out of bounds by is part of the error.
      expect(error, name).toBeGreaterThanOrEqual(0)
    }
    expect(found.answers.find(({ name }) => name === 'firstExit')!.value).toBeCloseTo(1, 9)
  },
)
