import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { oracle } from './oracle.ts'

interface Asked {
  readonly law: string
  readonly escape: string
  readonly eta?: number
  readonly steps?: number
  /** The scale of a step. */
  readonly scale?: number
}

function answersOf({ law, escape, eta = 0.001, scale = 0.01, steps = 3 }: Asked) {
  const spec = {
    version: 1,
    name: 'jumps',
    landscape: { formula: { variables: ['x'], expression: 'x^2/2' } },
    start: [0],
    update: { rule: 'gradient', eta, drift: { form: 'additive', law, sigma: scale / eta } },
    trial: { steps, escape },
    trials: 1,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'jumps' }).cell(0)
  const found = oracle(cell, tables)
  if ('reason' in found) throw new Error(found.reason)
  return found.answers
}

// Three steps of scale 0.01 lead to where one would have to be 30 to 300 scales long. Two nested integrals by Gauss
// rules, in NumPy, cut at all kinks; 120 panels give the same 15 digits as 60. Under the laplace law one long jump is
// as likely as many short ones of the same sum.
test.each([
  { law: 'gaussian', escape: 'x >= 0.3', exact: 1.218745652566596e-67 },
  { law: 'gaussian', escape: 'x >= 0.45', exact: 2.07684216179036e-149 },
  { law: 'laplace', escape: 'x >= 1', exact: 4.33988284199689e-59 },
  { law: 'laplace', escape: 'x >= 3', exact: 4.22211019368812e-181 },
])('$law drift: $escape within three steps, by long jumps', ({ law, escape, exact }) => {
  const { value, error } = answersOf({ law, escape }).find(({ name }) => name === 'escape')!
  expect(error).toBeLessThan(1e-8)
  expect(Math.abs(value / exact - 1)).toBeLessThan(Math.max(error, 1e-11))
})

test('five steps of 16 scales each, where jumps of 13 would leave a number below all doubles', () => {
  const { value } = answersOf({ law: 'gaussian', escape: 'x >= 0.81', steps: 5 }).find(({ name }) => name === 'escape')!
  // The sum of five steps is normal: the tail at 36.2968 standard deviations, by two terms of its expansion. That a
  // trial is beyond 0.81 before is less likely by 70 powers of ten.
  expect(Math.abs(value / 9.0914e-289 - 1)).toBeLessThan(1e-4)
})

// Most of these exits are by one jump of nearly 100 scales. The density of trials that stay, step by step on an even
// grid, in NumPy: 5.5405023e-62 and 5.5401732e-62 at two spacings, 5.5406120e-62 by extrapolation.
test('laplace drift: the rate at which trials leave by a long jump', () => {
  const { value, error } = answersOf({ law: 'laplace', escape: 'abs(x) >= 1', eta: 0.5 }).find(
    ({ name }) => name === 'rate',
  )!
  expect(error).toBeLessThan(1e-8)
  expect(Math.abs(value / 5.540612e-62 - 1)).toBeLessThan(1e-7)
})
