import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { oracle } from './oracle.ts'

interface Asked {
  readonly law: string
  readonly steps?: number
  readonly escape: string
}

function escapeOf({ law, steps = 2, escape }: Asked) {
  const spec = {
    version: 1,
    name: 'jumps',
    landscape: { formula: { variables: ['x'], expression: 'x^2/2' } },
    start: [0],
    update: { rule: 'gradient', eta: 0.001, drift: { form: 'additive', law, sigma: 10 } },
    trial: { steps, escape },
    trials: 1,
  }
  const { cell, data } = parseSweep(JSON.stringify(spec), { fileName: 'jumps' }).cell(0)
  const found = oracle(cell, data)
  if ('reason' in found) throw new Error(found.reason)
  return found.answers.find(({ name }) => name === 'escape')!
}

// Two steps of scale 0.01 lead to where one would have to be 20 to 300 scales long. Sums of two jumps in 40 digits, by
// Python's mpmath. Under the laplace law one long jump is as likely as many short ones of the same sum.
test.each([
  { law: 'gaussian', escape: 'x >= 0.2', exact: 9.44355926108259e-46 },
  { law: 'gaussian', escape: 'x >= 0.34', exact: 3.822103656951471e-128 },
  { law: 'laplace', escape: 'x >= 1', exact: 1.281591686576986e-60 },
  { law: 'laplace', escape: 'x >= 3', exact: 4.8337721219893e-183 },
])('$law drift: $escape within two steps, by two long jumps', ({ law, escape, exact }) => {
  const { value, error } = escapeOf({ law, escape })
  expect(error).toBeLessThan(1e-8)
  expect(Math.abs(value / exact - 1)).toBeLessThan(Math.max(error, 1e-11))
})
