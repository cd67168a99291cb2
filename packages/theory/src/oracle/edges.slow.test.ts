import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import type { ExactAnswer } from '../shapes/oracle.ts'
import { type OracleOptions, oracle } from './oracle.ts'

interface Asked {
  readonly loss?: string
  readonly start?: number
  readonly eta: unknown
  readonly sigma: unknown
  readonly law?: string
  readonly steps: number
  readonly escape: string
}

function ask(
  { loss = 'x^2/2', start = 0, eta, sigma, law = 'uniform', steps, escape }: Asked,
  options?: OracleOptions,
): (name: string) => ExactAnswer {
  const spec = {
    version: 1,
    name: 'edges',
    landscape: { formula: { variables: ['x'], expression: loss } },
    start: [start],
    update: { rule: 'gradient', eta, drift: { form: 'additive', law, sigma } },
    trial: { steps, escape },
    trials: 1,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'edges' }).cell(0)
  const found = oracle(cell, tables, options)
  if ('reason' in found) throw new Error(found.reason)
  return (name) => {
    const one = found.answers.find((answer) => answer.name === name)
    if (one === undefined) throw new Error(`no ${name}: ${JSON.stringify(found.missing)}`)
    return one
  }
}

function off({ value }: ExactAnswer, exact: number): number {
  return Math.abs(value / exact - 1)
}

describe('uniform drift about a quadratic: exit from (-1, 1)', () => {
  // The density after n steps is a polynomial between breakpoints, which double with each step: with F the integral of
  // the density of (1 - eta) x and w = sqrt3 s, the next one is (F(y + w) - F(y - w)) / 2w, cut off at -1 and 1. All
  // pieces in 60 digits, by Python's mpmath.
  test.each([
    {
      eta: 0.5,
      sigma: 2,
      exact: { 1: 0.4226497308103742, 2: 2 / 3, 5: 0.9358499700900416, 10: 0.9958847736625515 },
    },
    { eta: 0.5, sigma: 1, exact: { 2: 0.059615859097789374, 5: 0.21729250487743784, 10: 0.4236868947961997 } },
    { eta: 0.5, sigma: 0.6, exact: { 5: 1.9795460210104438e-10, 10: 8.833854212890097e-8 } },
    { eta: 0.1, sigma: 2, exact: { 5: 0.004390041408887682, 10: 0.040240237681022785 } },
    { eta: 0.1, sigma: 1, exact: { 10: 3.055591737244212e-9 } },
    { eta: 0.3, sigma: 0.7, exact: { 5: 1.411852355993881e-10, 10: 9.334121328124037e-6 } },
  ])('eta $eta, sigma $sigma', ({ eta, sigma, exact }) => {
    const horizons = Object.keys(exact).map(Number)
    const found = ask({ eta, sigma, steps: 10, escape: 'abs(x) >= 1' }, { horizons })
    for (const [steps, value] of Object.entries(exact)) {
      const answer = found(steps === '10' ? 'escape' : `escape@${steps}`)
      expect(off(answer, value), `${steps} steps: ${answer.value}, exact ${value}`).toBeLessThan(1e-9)
      expect(off(answer, value)).toBeLessThan(Math.max(2 * answer.error, 1e-12))
      expect(answer.error).toBeLessThan(1e-8)
    }
  })
  test.each([
    {
      eta: { expression: '1.6 / (4 + n)' },
      sigma: 1.2,
      exact: { 2: 0.035309098923054706, 5: 0.08148716653792958, 10: 0.09408552849819386 },
    },
    {
      eta: 0.3,
      sigma: {
        piecewise: [
          [0, 0.8],
          [4, 1.6],
        ],
      },
      exact: { 5: 0.037590042646996925, 10: 0.40610686133355745 },
    },
  ])('where each step has edges of its own: eta $eta, sigma $sigma', ({ eta, sigma, exact }) => {
    const found = ask({ eta, sigma, steps: 10, escape: 'abs(x) >= 1' }, { horizons: [2, 5] })
    for (const [steps, value] of Object.entries(exact)) {
      const answer = found(steps === '10' ? 'escape' : `escape@${steps}`)
      expect(off(answer, value), `${steps} steps: ${answer.value}, exact ${value}`).toBeLessThan(1e-10)
      expect(answer.error).toBeLessThan(1e-9)
    }
  })

  test('a rare exit is waited for, though at first none is seen', () => {
    const at = (steps: number) => ask({ eta: 0.01, sigma: 2, steps, escape: 'abs(x) >= 1' })
    const found = at(10_000)
    const rate = found('rate').value
    // The stationary deviation is a seventh of the way. All but the first few hundred steps lose the rate.
    expect(rate).toBeGreaterThan(1e-13)
    expect(Math.abs(found('escape').value / (10_000 * rate) - 1)).toBeLessThan(0.03)
    expect(Math.abs(found('meanExitStep').value * rate - 1)).toBeLessThan(1e-9)
  })
})

describe('uniform drift in a double well: over the barrier within 200 steps', () => {
  // e_n(x) = P(exit within n steps | x) by another method: its integral on an even grid of 300 points a scale, of
  // fourth order, with the kinks of e_1 in closed form (NumPy). Beside each how much 150 points change.
  const cells = [
    { eta: 0.1, sigma: 0.6, exact: 9.964559170709703e-7, within: 5e-9 },
    { eta: 0.1, sigma: 1, exact: 0.035511484576574825, within: 1e-9 },
    { eta: 0.1, sigma: 2, exact: 0.8970359842449565, within: 1e-10 },
    { eta: 0.5, sigma: 0.6, exact: 0.9523330964741514, within: 1e-10 },
    { eta: 0.01, sigma: 2, exact: 1.1717798672189907e-7, within: 5e-8 },
  ]
  test.each(cells)('eta $eta, sigma $sigma', ({ eta, sigma, exact, within }) => {
    const found = ask({ loss: '(x^2-1)^2/4', start: -1, eta, sigma, steps: 200, escape: 'x >= 0' })
    expect(off(found('escape'), exact), `${found('escape').value}, exact ${exact}`).toBeLessThan(within)
    for (const name of ['escape', 'undecided', 'firstExit', 'meanExitStep', 'rate'])
      expect(found(name).error, name).toBeLessThan(1e-10)
  })

  test('negative control: without the answer of another resolution nothing is claimed', () => {
    const requested = { loss: '(x^2-1)^2/4', start: -1, eta: 0.1, sigma: 0.6, steps: 200, escape: 'x >= 0' }
    expect(ask(requested, { rounds: 1 })('escape').error).toBe(1)
    const coarse = ask(requested, { rounds: 2, density: 0.2 })('escape')
    expect(coarse.error).toBeGreaterThan(off(coarse, 9.964559169990676e-7) / 3)
  })
})

/** Cells of a comparison with the version before: both had lost digits that it gave. */
test('laplace drift whose finer mesh would be too large is compared with a coarser one', () => {
  const found = ask({
    loss: 'x^4/100',
    start: 0.3,
    law: 'laplace',
    eta: 0.0165,
    sigma: 0.138,
    steps: 5,
    escape: 'abs(x) >= 1.3',
  })
  expect(found('undecided').error).toBeLessThan(1e-8)
  expect(found('meanExitStep').error).toBeLessThan(1e-8)
})

test('laplace drift is followed as far as its tails count', () => {
  const loss = '(x^2-1)^2/4 + 0.15*x'
  const found = ask({ loss, start: -1.08, law: 'laplace', eta: 0.126, sigma: 0.332, steps: 500, escape: 'x >= 0.8' })
  expect(found('escape').error).toBeLessThan(1e-3)
  expect(found('firstExit').value).toBeCloseTo(1, 3)
})

test('laplace drift has the digits of smooth laws, where little leaves the box', () => {
  const requested = { law: 'laplace', eta: 0.1, sigma: 1, steps: 50, escape: 'abs(x) >= 1' }
  for (const name of ['escape', 'meanExitStep', 'rate']) expect(ask(requested)(name).error, name).toBeLessThan(1e-11)
})

test('a schedule whose scale jumps goes on with the mesh that it jumps to', () => {
  const sigma = {
    piecewise: [
      [0, 0.8],
      [4, 1.6],
    ],
  }
  const found = ask({ law: 'gaussian', eta: 0.3, sigma, steps: 10, escape: 'abs(x) >= 1' })
  expect(found('escape').value + found('undecided').value).toBeCloseTo(1, 12)
  expect(found('escape').value).toBeGreaterThan(0.3)
})
