import type { Cell, Descent, Trial } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, layoutOf } from '../index.ts'
import { cellOf, constant, doubleWell, drift, exits, formula, wells } from './cells.fixture.ts'

async function outcomes(cell: Cell, trials: number) {
  const { records, theta } = (await kernelOf(cell)).run(0, trials, { keep: true, horizons: [], theta: true })
  return Array.from({ length: trials }, (_, i) => ({
    ...decodeOutcome(records!, layoutOf(cell), i),
    theta: theta![i]!,
  }))
}

const descent: Descent = { gradient: 1e-7, eta: 0.05, steps: 100_000 }
/** The same draws in every cell, so that cells can be compared trial by trial. */
const noisy = (trial: Partial<Trial>) =>
  cellOf({
    landscape: doubleWell,
    start: [-1],
    streams: 'common',
    update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 2)] },
    trial: { steps: 100, ...wells, ...trial },
  })

describe('quench', () => {
  it('names the side of the last theta and changes nothing else', async () => {
    const plain = await outcomes(noisy({}), 2000)
    const quenched = await outcomes(noisy({ quench: descent }), 2000)
    for (const [i, { theta, settled, ...rest }] of quenched.entries()) {
      const { theta: last, settled: none, ...same } = plain[i]!
      expect(none).toBeNull()
      expect(settled).toBe(last < 0 ? 'left' : 'right')
      expect(Math.abs(theta - Math.sign(last))).toBeLessThan(1e-7)
      expect(rest).toEqual(same)
    }
    expect(new Set(quenched.map(({ settled }) => settled)).size).toBe(2)
  })

  it('says more than the first exit: some come back', async () => {
    const all = await outcomes(noisy({ quench: descent, escape: exits(['', 'x >= 0']), afterEscape: 'continue' }), 2000)
    const escaped = all.filter(({ escapedAt }) => escapedAt !== null)
    expect(escaped.filter(({ settled }) => settled === 'left').length).toBeGreaterThan(0)
    expect(escaped.filter(({ settled }) => settled === 'right').length).toBeGreaterThan(0)
  })

  it('gives its loss to classes, and none where the trial diverged', async () => {
    const trial = {
      quench: descent,
      divergence: 1.8,
      classify: [
        ['down', 'quenchloss < 1e-12'],
        ['up', 'quenchloss >= 1e-12'],
      ],
    } as const
    const all = await outcomes(noisy(trial), 2000)
    const diverged = all.filter(({ end }) => end === 'diverged')
    expect(diverged.length).toBeGreaterThan(0)
    expect(diverged.length).toBeLessThan(2000)
    for (const { end, settled, class: kind, theta } of all) {
      if (end === 'diverged') expect([settled, kind, Math.abs(theta) > 1.8]).toEqual([null, 'other', true])
      else expect([settled === null, kind]).toEqual([false, 'down'])
    }
  })

  it('that runs away settles elsewhere, with a loss that is NaN', async () => {
    const cell = cellOf({
      landscape: formula(['x'], '-x^4'),
      start: [0.1],
      update: { eta: constant(0), drift: [] },
      trial: {
        steps: 1,
        quench: { gradient: 1e-9, eta: 1, steps: 1000 },
        classify: [['is', 'quenchloss == quenchloss']],
      },
    })
    const [outcome] = await outcomes(cell, 1)
    expect(outcome).toMatchObject({ end: 'undecided', settled: 'other', class: 'other' })
    expect(outcome!.loss).toBeCloseTo(-1e-4, 15)
    expect(Number.isFinite(outcome!.theta)).toBe(false)
  })

  it('stops within a descent of 10^12 steps when told so', async () => {
    const endless = { gradient: 0.5, eta: 1e-9, steps: 10 ** 12 }
    const cell = cellOf({
      landscape: formula(['x'], 'x'),
      start: [0],
      trial: { steps: 1, quench: endless },
    })
    const kernel = await kernelOf(cell)
    const stop = new Int32Array(new SharedArrayBuffer(4))
    stop[0] = 1
    expect(kernel.run(0, 9, { keep: true, horizons: [], stop }).completed).toBe(false)
  })
})

describe('basin', () => {
  const basin = (every: number): Partial<Trial> => ({ escape: { kind: 'basin', every, descent }, settledRadius: 0.5 })

  it('looked at in every step is left where x = 0 is crossed', async () => {
    const run = async (cell: Cell) => (await kernelOf(cell)).run(0, 3000, { keep: true, horizons: [10] })
    const crossed = await run(noisy({ escape: exits(['', 'x > 0']), settledRadius: 0.5 }))
    const left = await run(noisy(basin(1)))
    expect(left.tally.escaped).toBeGreaterThan(100)
    expect(left).toEqual(crossed)
    // Another boundary is another answer.
    const later = await run(noisy({ escape: exits(['', 'x > 0.05']), settledRadius: 0.5 }))
    expect(left.digest).not.toBe(later.digest)
  })

  it('looked at every k-th step is left at multiples of k only, and less often', async () => {
    const every = await outcomes(noisy(basin(1)), 1000)
    const seventh = await outcomes(noisy(basin(7)), 1000)
    const escaped = seventh.filter(({ escapedAt }) => escapedAt !== null)
    expect(escaped.every(({ escapedAt }) => escapedAt! % 7 === 0)).toBe(true)
    expect(escaped.length).toBeGreaterThan(0)
    expect(escaped.length).toBeLessThan(every.filter(({ escapedAt }) => escapedAt !== null).length)
    // Who is over at a multiple of 7 is over the crossing too.
    for (const [i, { escapedAt }] of seventh.entries()) {
      if (escapedAt !== null) expect(every[i]!.escapedAt).toBeLessThanOrEqual(escapedAt)
    }
  })

  it('is the one of theta_0 after warmup', async () => {
    const all = await outcomes(noisy({ ...basin(1), warmup: 300, steps: 1, quench: descent }), 2000)
    const stayed = all.filter(({ escapedAt }) => escapedAt === null)
    // After 300 steps both wells are as good as equally likely; one step seldom crosses.
    expect(stayed.length).toBeGreaterThan(1700)
    expect(stayed.filter(({ settled }) => settled === 'right').length).toBeGreaterThan(600)
    expect(stayed.filter(({ settled }) => settled === 'left').length).toBeGreaterThan(600)
  })
})
