import { type Start, type TrainedStart, trainingCell } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, runReference } from '../index.ts'
import { cellOf, constant, doubleWell, drift, exits, quadratic, type Sketch } from './cells.fixture.ts'
import { network, randomSamples } from './networks.fixture.ts'

const noise = (sigma: number) => ({ eta: constant(0.05), drift: [drift('gaussian', 'sigma', sigma)] })
const training: TrainedStart = {
  kind: 'train',
  from: { kind: 'gaussian', mean: -1, sigma: 0.3 },
  update: { rule: { kind: 'gradient' }, ...noise(0.5) },
  until: 'loss < 1e-3',
  steps: 50,
  per: 'trial',
}
const still = { eta: constant(0), drift: [] }

/** Where the trials begin: one step of size 0. */
async function startsOf(start: Start, { sigma = 0, trials = 5, seed = '1' } = {}) {
  const update = { ...still, drift: sigma === 0 ? [] : [drift('gaussian', 'sigma', sigma)] }
  const cell = cellOf({ landscape: doubleWell, start, update, trial: { steps: 1 }, seed })
  return [...(await kernelOf(cell)).run(0, trials, { keep: false, horizons: [], theta: true }).theta!]
}

const data = randomSamples(11, 2, 1)
const cells: Readonly<Record<string, Sketch>> = {
  'a formula, after a descent': {
    landscape: doubleWell,
    start: {
      ...training,
      from: { kind: 'descend', from: training.from, descent: { gradient: 1e-3, eta: 0.1, steps: 20 } },
    },
  },
  'a network with batches': {
    landscape: network([2, 3, 1], data, { batch: { size: 4, sampling: 'shuffle' } }),
    start: { ...training, from: { kind: 'init', law: 'he' }, until: 'loss < 0.2' },
    trial: { warmup: 3, escape: exits(['far', 'distance > 0.5']) },
  },
}

it('a condition with `every` ends training at multiples of it', async () => {
  const start: Start = { ...training, per: 'cell', until: 'loss < 1e-3', every: 20 }
  const cell = cellOf({ landscape: doubleWell, start, trial: { steps: 1 } })
  const run = trainingCell(cell)!
  const kernel = await kernelOf(run)
  const { records } = kernel.run(0, 5, { keep: true, horizons: [] })
  const outcomes = Array.from({ length: 5 }, (_, i) => decodeOutcome(records!, kernel.layout, i))
  expect(outcomes.every(({ convergedAt, steps }) => (convergedAt ?? 0) % 20 === 0 && steps > 0)).toBe(true)
  expect(outcomes.some(({ convergedAt }) => convergedAt !== null)).toBe(true)
  expect(runReference(run, 0, 5, { horizons: [] }).records).toEqual(records)
})

/** `randomLives.slow.test.ts` has many more. */
it.each(Object.entries(cells))('both engines train alike: %s', async (_kind, sketch) => {
  const cell = cellOf(sketch)
  const tables = cell.landscape.kind === 'network' ? [data] : []
  const expected = runReference(cell, 5, 9, { horizons: [10], theta: true, tables })
  const found = (await kernelOf(cell, tables)).run(5, 9, { keep: true, horizons: [10], theta: true })
  expect(found).toEqual(expected)
})

describe('trained starts', () => {
  it('end where the condition holds, and differ between trials', async () => {
    const starts = await startsOf(training)
    for (const x of starts) expect((x * x - 1) ** 2 / 4).toBeLessThan(1e-3)
    expect(new Set(starts).size).toBe(5)
  })

  it('of one run are the start of the first trial', async () => {
    const [first] = await startsOf(training)
    expect(await startsOf({ ...training, per: 'cell' })).toEqual([first, first, first, first, first])
  })

  it('do not depend on the noise of the trials', async () => {
    expect(await startsOf(training, { sigma: 3 })).toEqual(await startsOf(training))
    expect(await startsOf(training, { seed: '2' })).not.toEqual(await startsOf(training))
  })

  it('are those of the whole range, whichever part runs', async () => {
    const cell = cellOf({ landscape: doubleWell, start: training, trial: { escape: exits(['right', 'x > 0']) } })
    const kernel = await kernelOf(cell)
    const run = (first: number, count: number) => kernel.run(first, count, { keep: true, horizons: [] })
    const bytes = 48
    expect(run(3, 4).records).toEqual(run(0, 9).records!.subarray(3 * bytes, 7 * bytes))
  })

  it('of many coordinates are trained in pieces', async () => {
    const start = { ...training, until: null, steps: 1 }
    const kernel = await kernelOf(cellOf({ landscape: quadratic(20_000), start, trial: { steps: 1 } }))
    const run = (first: number, count: number) => kernel.run(first, count, { keep: true, horizons: [], theta: true })
    const [whole, part] = [run(0, 230), run(200, 10)]
    expect(whole.tally.trials).toBe(230)
    expect(part.records).toEqual(whole.records!.subarray(200 * 48, 210 * 48))
    expect(part.theta!.at(-1)).toBe(whole.theta![210 * 20_000 - 1])
  })

  it.each(['cell', 'trial'] as const)('after training that diverged, trials diverge: per %s', async (per) => {
    const start: Start = { ...training, per, update: { ...training.update, eta: constant(100) } }
    const cell = cellOf({ landscape: doubleWell, start, trial: { escape: exits(['right', 'x > 0']) } })
    const kernel = await kernelOf(cell)
    const { records } = kernel.run(0, 3, { keep: true, horizons: [] })
    for (let i = 0; i < 3; i++)
      expect(decodeOutcome(records!, kernel.layout, i)).toMatchObject({ end: 'diverged', steps: 1, escapedAt: null })
  })
})
