import type { Cell, Tables, Trial } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, prepare, runReference } from '../index.ts'
import { cellOf, constant, doubleWell, drift, exits, formula, indexed, wells } from './cells.fixture.ts'
import { network, population, randomSamples, xor } from './networks.fixture.ts'

/** A basin that is looked at, a quench, and convergence by the gradient, which settles. */
const lives: Readonly<Record<string, Partial<Trial>>> = {
  basin: {
    escape: { kind: 'basin', every: 5, descent: { gradient: 1e-3, eta: 0.05, steps: 1500 } },
    afterEscape: 'continue',
  },
  'basin, most out of reach': {
    escape: { kind: 'basin', every: 5, descent: { gradient: 1e-3, eta: 0.05, steps: 40 } },
  },
  quench: { quench: { gradient: 1e-3, eta: 0.05, steps: 1500 } },
  'quench, most out of reach': { quench: { gradient: 1e-3, eta: 0.05, steps: 40 } },
  gradient: { converge: { kind: 'gradient', tolerance: 0.3, hold: 1 } },
}

/** The scalar reference takes most of the time. */
const trials = 24

const long =
  `${Array.from({ length: 40 }, (_, i) => `(x - ${i}/40)^2*(y + ${i})^2/${1000 + i}`).join(' + ')} + ` +
  '(x^2 - 1)^2 + y^2'
const landscapes: Readonly<Record<string, { readonly cell: Cell; readonly tables: Tables }>> = {
  'double well': { cell: cellOf({ landscape: doubleWell, start: [-1], trial: wells }), tables: [] },
  'a curved valley': {
    cell: cellOf({
      landscape: formula(['x', 'y'], '(x*y - 1)^2'),
      start: { kind: 'uniform', low: 0.5, high: 2 },
      trial: { minima: [['middle', [1, 1]]] },
    }),
    tables: [],
  },
  'twelve coordinates': {
    cell: cellOf({
      landscape: indexed(12, 'sum(i, 1, 11, (x[i]*x[i+1] - 1)^2)'),
      start: { kind: 'gaussian', mean: 1, sigma: 0.3 },
      trial: { minima: [['ones', new Array(12).fill(1)]] },
    }),
    tables: [],
  },
  'a long formula': {
    cell: cellOf({ landscape: formula(['x', 'y'], long), start: [-1, 0], trial: { minima: [['right', [1, 0]]] } }),
    tables: [],
  },
  tanh: {
    cell: cellOf({
      landscape: network([2, 2, 1], xor, { decay: 1e-3 }),
      start: { kind: 'init', law: 'xavier' },
      trial: { minima: [['nothing', new Array(9).fill(0)]] },
    }),
    tables: [xor],
  },
  'relu in batches': ((samples) => ({
    cell: cellOf({
      landscape: network([2, 5, 1], samples, { activation: 'relu', batch: { size: 4, sampling: 'replacement' } }),
      start: { kind: 'init', law: 'he' },
      trial: { minima: [['nothing', new Array(21).fill(0)]] },
    }),
    tables: [samples],
  }))(randomSamples(12, 2, 1)),
  population: {
    cell: cellOf({
      landscape: population(3, 3, 3),
      start: { kind: 'gaussian', mean: 0, sigma: 0.5 },
      trial: { minima: [['teachers', [1, 0, 0, 0, 1, 0, 0, 0, 1]]] },
    }),
    tables: [],
  },
}

describe.each(Object.entries(landscapes))(
  '%s: the compiled kernel compares ends as the scalar reference does',
  (_landscape, { cell, tables }) => {
    it.each(Object.entries(lives))('%s', async (_name, life) => {
      const whole = cellOf({
        ...cell,
        update: { eta: constant(0.02), drift: [drift('gaussian', 'sigma', 2)] },
        trial: { ...cell.trial, steps: 12, ...life },
      })
      const kernel = await kernelOf(whole, tables)
      const expected = runReference(whole, 3, trials, { horizons: [6], tables })
      const found = kernel.run(3, trials, { keep: true, horizons: [6] })
      expect(found.records).toEqual(expected.records)
      expect(found.tally).toEqual(expected.tally)
      expect(found.digest).toBe(expected.digest)
    })
  },
)

describe('a descent that runs out of steps', () => {
  const descents = 300
  const cell = (trial: Partial<Trial>, start: Cell['start'] | number[] = [-1]) =>
    cellOf({
      landscape: doubleWell,
      start,
      update: { drift: [drift('gaussian', 'sigma', 2)] },
      trial: { steps: 60, ...wells, ...trial },
    })
  const run = (c: Cell) => {
    const { tally, records } = runReference(c, 0, descents, { horizons: [] })
    return { tally, outcomes: Array.from({ length: descents }, (_, i) => decodeOutcome(records, prepare(c).layout, i)) }
  }

  it('is neither a stay nor an escape, unless another look finds the trial outside', () => {
    const { tally, outcomes } = run(
      cell({ escape: { kind: 'basin', every: 10, descent: { gradient: 1e-5, eta: 0.1, steps: 60 } } }),
    )
    const unreached = outcomes.filter((each) => each.unreached)
    expect(tally.unreached).toBe(unreached.length)
    expect(unreached.length).toBeGreaterThan(0)
    expect(unreached.every(({ escapedAt }) => escapedAt === null)).toBe(true)
    expect(tally.escaped).toBeGreaterThan(0)
  })

  it('leaves no basin to escape from where the one from theta_0 did', () => {
    const { tally } = run(
      cell({ escape: { kind: 'basin', every: 10, descent: { gradient: 1e-9, eta: 0.1, steps: 3 } } }, [-0.5]),
    )
    expect(tally.escaped).toBe(0)
    expect(tally.unreached).toBe(descents)
  })

  it('settles nowhere', () => {
    const { tally } = run(cell({ quench: { gradient: 1e-9, eta: 0.1, steps: 40 } }))
    const settled = tally.settled.reduce((sum, count) => sum + count)
    expect(tally.unreached).toBeGreaterThan(0)
    expect(tally.unreached! + settled).toBe(descents)
    expect(tally.settled.at(-1)).toBe(0)
  })

  it('is not counted where all arrive, nor where none descends', () => {
    expect(run(cell({ quench: { gradient: 1e-6, eta: 0.1, steps: 4000 } })).tally.unreached).toBeUndefined()
    expect(run(cell({ escape: exits(['', 'x >= 0']) })).tally.unreached).toBeUndefined()
  })
})

it('a check of a theta that is not finite is undecided where the descent from theta_0 has no end', async () => {
  // adagrad without epsilon: 0/0 in its first step.
  const cell = cellOf({
    landscape: formula(['x', 'y'], 'x^2 + y'),
    start: [0, 0],
    update: { rule: { kind: 'adagrad', epsilon: 0 }, drift: [] },
    trial: { steps: 3, escape: { kind: 'basin', every: 1, descent: { gradient: 0, eta: 0.01, steps: 0 } } },
  })
  const kernel = await kernelOf(cell)
  const found = kernel.run(0, 3, { keep: true, horizons: [] })
  expect(decodeOutcome(found.records!, kernel.layout, 0)).toMatchObject({ end: 'diverged', steps: 1, unreached: true })
  expect(found.tally.unreached).toBe(3)
  expect(runReference(cell, 0, 3, { horizons: [] }).records).toEqual(found.records)
})

it('an unstable step has no home, and what diverges in the descent is outside', () => {
  const quartic = cellOf({
    landscape: formula(['x'], 'x^4/4 - x^2/2'),
    start: [1],
    update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 20)] },
    trial: { steps: 20, escape: { kind: 'basin', every: 1, descent: { gradient: 1e-6, eta: 0.4, steps: 500 } } },
  })
  const { tally } = runReference(quartic, 0, 200, { horizons: [] })
  expect(tally.escaped).toBeGreaterThan(100)
})
