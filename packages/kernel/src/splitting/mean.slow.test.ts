import { describe, expect, it } from 'vitest'
import { decodeRecord, kernelOf, layoutOf } from '../index.ts'
import { cellOfSpec, meanOf } from './replicas.fixture.ts'

/** A mean may lie so many standard errors from the exact value: by chance, once in 2,000 tests, and seeds are fixed. */
const maxErrors = 3.5
const particles = 1000

const well = (eta: number, sigma: number, steps: number, splitting: Readonly<Record<string, unknown>>) => ({
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } },
  trial: { steps, escape: 'x >= 0' },
  method: { splitting: { particles: 1000, ...splitting } },
})

/** The bi-channel problem of Brehier et al. (2016). */
const channels = (beta: number, score: string, particles: number) => ({
  landscape: { preset: 'three-hole' },
  start: [-0.9, 0],
  update: { rule: 'gradient', eta: 0.05, drift: { form: 'additive', law: 'gaussian', temperature: `= 1 / ${beta}` } },
  trial: {
    steps: 1_000_000,
    escape: '(x - 1)^2 + y^2 <= 0.0025',
    converge: { within: 0.05, of: [-1, 0], hold: 1 },
  },
  method: { splitting: { score, particles } },
})

const distance = 'sqrt((x + 1)^2 + y^2)'

/**
 * With the score x most replicas see the lower channel alone, and the colder it is, the more of the probability is in
 * the upper one: at 6.67 ten thousand particles find it often enough. At 8.67 it takes 300,000, which is some hours of
 * a thread: docs/gallery/two-channels.md has that case.
 */
const bichannel = [
  { beta: 4.67, score: 'x', particles: 1000, probability: 4.61049622992e-5 },
  { beta: 4.67, score: distance, particles: 1000, probability: 4.61049622992e-5 },
  { beta: 6.67, score: 'x', particles: 10_000, probability: 2.579264525242e-7 },
  { beta: 6.67, score: distance, particles: 1000, probability: 2.579264525242e-7 },
  { beta: 8.67, score: distance, particles: 1000, probability: 1.673929050515e-9 },
] as const

/** Exact by quadrature in two resolutions, to 12 digits. */
const exact: readonly (readonly [string, Readonly<Record<string, unknown>>, probability: number, replicas: number])[] =
  [
    ['eta 0.1, sigma 1, N 100, ten particles', well(0.1, 1, 100, { particles: 10, kill: 2 }), 0.0194905512996896, 4000],
    [
      'a score that climbs the wrong way',
      well(0.1, 1, 100, { particles: 30, kill: 2, score: '-abs(x + 0.3)' }),
      0.0194905512996896,
      2000,
    ],
    ['eta 0.1, sigma 0.5, N 1000', well(0.1, 0.5, 1000, { particles }), 7.71631368879161e-8, 200],
    ['eta 0.05, sigma 0.7, N 100', well(0.05, 0.7, 100, { particles }), 1.06054123624784e-9, 200],
    ...bichannel.map(
      ({ beta, score, particles, probability }) =>
        [`two channels, beta ${beta}, score ${score}`, channels(beta, score, particles), probability, 200] as const,
    ),
    // Sites 0 .. 10, one step up with probability 1/4: 13/29524. All of a site tie.
    [
      'ties of a lattice',
      {
        landscape: { formula: { variables: ['x'], expression: 'x' } },
        start: [3],
        update: { rule: 'gradient', eta: 1, drift: { form: 'flip', q: 0.25 } },
        trial: { steps: 100_000, escape: 'x >= 10', converge: { when: 'x <= 0', hold: 1 } },
        method: { splitting: { particles: 100, kill: 1 } },
      },
      13 / 29524,
      2000,
    ],
  ]

const errors = (mean: { mean: number; standardError: number }, value: number) =>
  Math.abs(mean.mean - value) / mean.standardError

describe('the mean of replicas', () => {
  it.each(exact)(
    'is the exact probability: %s',
    async (_, spec, value, replicas) => {
      expect(errors(await meanOf(cellOfSpec(spec), replicas), value)).toBeLessThan(maxErrors)
    },
    600_000,
  )

  it('would not be if replicas that died out were left out', async () => {
    const replicas = 6000
    const cell = cellOfSpec(well(0.1, 0.8, 100, { particles: 3, kill: 1 }))
    const { mean, standardError, extinct } = await meanOf(cell, replicas)
    expect(extinct).toBeGreaterThan(replicas / 10)
    const without = replicas / (replicas - extinct)
    const value = 0.00115539599578618
    expect(errors({ mean, standardError }, value)).toBeLessThan(maxErrors)
    expect(errors({ mean: mean * without, standardError: standardError * without }, value)).toBeGreaterThan(maxErrors)
  })

  it('would not be if of a tie only one died', async () => {
    // The product then counts (1 - 1/n) for a level whose other particles are not above it: here, twice as many as
    // there are.
    const cell = cellOfSpec({ ...exact.at(-1)![1], trial: { steps: 60, escape: 'x >= 10' } })
    const kernel = await kernelOf(cell)
    const { records } = kernel.run(0, 20, { keep: true, horizons: [] })
    const layout = layoutOf(cell)
    for (let i = 0; i < 20; i++) {
      const record = decodeRecord(records!, layout, i)
      if (record.kind !== 'replica') throw new TypeError(record.kind)
      const { levels, weight } = record
      // At most one level a site above the start, whatever the number of particles.
      expect(levels).toBeLessThanOrEqual(7)
      if (weight > 0) expect(weight).toBeLessThan((1 - 1 / 100) ** levels)
    }
  })
})
