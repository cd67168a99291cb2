import type { Cell, Tables } from '@driftfarm/spec'
import { type Premises, premisesVersion } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { cellOf, resolvedCellOf } from '../cells.fixture.ts'
import { premisesOf } from './premises.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const of = (cell: Cell, tables: Tables = []): Promise<Premises> => premisesOf(cell, tables, { level: 6 })
const line = (more: Readonly<Record<string, unknown>>): Cell => cellOf('double-well', more, 1)
const formula = (expression: string, more: Readonly<Record<string, unknown>>, minima = {}): Cell =>
  line({ landscape: { formula: { variables: ['x'], expression, minima } }, ...more })
const noise = { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } }
const fails = (): never => {
  throw new Error('not asked for')
}

describe('all parts', () => {
  test('of the example of the README', async () => {
    const cell = line({ start: { minimum: 'left' }, update: noise, trial: { steps: 1000, escape: 'x >= 0' } })
    const premises = await of(cell)
    expect(premises).toEqual({
      version: premisesVersion,
      level: 6,
      control: expect.objectContaining({ own: false, trials: 1, steps: 1000, escaped: 0 }),
      twins: { of: 'drift', acts: true, trials: 1, steps: 8, horizon: 1000, why: null, idle: [] },
      basin: null,
      overshoot: expect.objectContaining({
        steps: 1000,
        horizon: 1000,
        overshot: 0,
        eta: 0.1,
        smaller: [],
      }),
      start: { starts: 1, holds: {}, outside: { minimum: 'left', share: 0, starts: 1 } },
      stability: { eta: 0.1, curvature: expect.closeTo(2, 8), limit: 2 },
      resolution: { noise: expect.closeTo(0.1, 12), step: expect.closeTo(0.2, 8), radius: null },
      temperature: {
        asked: null,
        nominal: expect.closeTo(0.05, 12),
        modes: [{ curvature: expect.closeTo(2, 8), temperature: expect.closeTo(0.1 / 1.8, 8) }],
        end: null,
      },
      saddle: null,
      firstStep: { trials: 0, hold: 1, holds: {}, loud: null },
      settling: null,
      relaxation: { steps: 14 },
      failed: [],
    })
    expect(JSON.parse(JSON.stringify(premises))).toEqual(premises)
    expect(await of(cell)).toEqual(premises)
  })

  test('are null, and never thrown, where there is nothing to ask', async () => {
    const nothing = await of(
      formula('0*x', { start: [0], update: { rule: 'gradient', eta: 0.1 }, trial: { steps: 5 } }),
    )
    expect(nothing).toEqual({
      version: premisesVersion,
      level: 6,
      control: null,
      twins: null,
      basin: null,
      overshoot: null,
      start: null,
      stability: null,
      resolution: null,
      temperature: null,
      saddle: null,
      firstStep: null,
      settling: null,
      relaxation: null,
      failed: [],
    })
  })

  test('that cannot be found say why', async () => {
    const trial = { steps: 5, escape: 'x >= 0', divergence: 1e300 }
    // A spec with this start is refused; a cell that was stored earlier may have it.
    const far = { kind: 'point', point: [-1e200] } as const
    const steep = { ...formula('x^3', { start: [-1], update: noise, trial }), start: far }
    const { control, start, stability, temperature, failed } = await of(steep)
    expect(control).toMatchObject({ diverged: 1, escaped: 0 })
    expect(start).toMatchObject({ starts: 1, holds: {} })
    expect([stability, temperature]).toEqual([null, null])
    expect(failed.map(({ part }) => part)).toEqual(['stability', 'resolution', 'temperature'])
    for (const { reason } of failed) expect(reason).toMatch(/^[a-z].{20,}/)
  })

  test('a compiler that fails makes a part fail, not the cell', async () => {
    const cell = line({
      start: { uniform: { low: -1, high: 1 } },
      update: noise,
      trial: { steps: 50_000, escape: 'x >= 5' },
    })
    const premises = await premisesOf(cell, [], { module: async () => fails(), level: 6 })
    expect(premises.control).toBe(null)
    expect(premises.failed).toEqual(['control', 'overshoot'].map((part) => ({ part, reason: 'not asked for' })))
    expect(premises.stability).not.toBe(null)
  })
})

describe('start', () => {
  const startOf = async (cell: Cell) => (await of(cell)).start!

  test('tells what holds at theta_0 already', async () => {
    const trial = {
      steps: 10,
      escape: { far: 'x >= 3', near: 'x >= 1' },
      marks: { m: 'loss < 1', d: 'distance > 0.5' },
      classify: { right: 'x > 0' },
      converge: { when: 'gradnorm > 0', hold: 5 },
    }
    expect((await startOf(line({ start: [1.2], update: noise, trial }))).holds).toEqual({
      escape: 1,
      'exit:near': 1,
      'mark:m': 1,
      'class:right': 1,
      converge: 1,
    })
    expect((await startOf(line({ start: [-1], update: noise, trial }))).holds).toEqual({ 'mark:m': 1 })
  })

  test('counts shares of random starts, the same for every cell of a seed', async () => {
    const cell = (sigma: number) =>
      line({
        start: { uniform: { low: -1, high: 1 } },
        update: { ...noise, drift: { ...noise.drift, sigma } },
        trial: { steps: 10, escape: 'x >= 0' },
      })
    const { starts, holds } = await startOf(cell(1))
    expect(starts).toBe(100)
    // A fair coin: outside of 25 .. 75 once in four million.
    expect(Math.abs(holds.escape! - 0.5)).toBeLessThan(0.25)
    expect((await startOf(cell(2))).holds).toEqual(holds)
  })

  test('a start outside of the ball of the minimum, or of its basin', async () => {
    const outside = { outside: { radius: 0.5, of: 'left' } }
    const cell = (start: unknown) => line({ start, update: noise, trial: { steps: 10, escape: outside } })
    expect((await startOf(cell([0.3]))).outside).toEqual({ minimum: 'left', share: 1, starts: 1 })
    expect((await startOf(cell([0.3]))).holds).toEqual({ escape: 1 })
    expect((await startOf(cell([-0.9]))).outside).toEqual({ minimum: 'left', share: 0, starts: 1 })
    const spread = (await startOf(cell({ uniform: { low: -1, high: 1 } }))).outside!
    expect(Math.abs(spread.share - 0.5)).toBeLessThan(0.25)
    expect(spread.starts).toBeGreaterThan(80)
  })

  test('converging to a minimum is about it; to any is about none', async () => {
    const cell = (of: string) =>
      line({ start: [2], update: noise, trial: { steps: 10, converge: { within: 0.1, of } } })
    expect((await startOf(cell('left'))).outside).toEqual({ minimum: 'left', share: 1, starts: 1 })
    expect((await startOf(cell('right'))).outside!.share).toBe(0)
    expect((await startOf(cell('any'))).outside).toBe(null)
  })

  test('a class of where the quench ends is looked at there', async () => {
    const cell = (start: number) =>
      line({
        landscape: { preset: 'tilted-double-well' },
        start: [start],
        update: noise,
        trial: { steps: 10, quench: true, classify: { deep: 'quenchloss < 0' } },
      })
    expect((await startOf(cell(-0.5))).holds).toEqual({ 'class:deep': 1 })
    expect((await startOf(cell(0.9))).holds).toEqual({})
  })

  test('starts that descend begin where descent ends', async () => {
    const start = { descend: { from: { uniform: { low: -2, high: 2 } }, gradient: 1e-8, eta: 0.1 } }
    const trial = { steps: 10, marks: { there: 'loss < 1e-12', anywhere: 'loss < 9' } }
    expect((await startOf(line({ start, update: noise, trial }))).holds).toEqual({
      'mark:there': 1,
      'mark:anywhere': 1,
    })
  })

  test('a basin is left nowhere at theta_0', async () => {
    const trial = { steps: 10, escape: { basin: true, eta: 0.1 } }
    expect(await startOf(line({ start: [-1], update: noise, trial }))).toEqual({
      starts: 1,
      holds: {},
      outside: { minimum: 'left', share: 0, starts: 1 },
    })
  })
})

describe('resolution', () => {
  const resolutionOf = async (cell: Cell) => (await of(cell)).resolution
  const moved = (minimum: number, more: Readonly<Record<string, unknown>>) =>
    formula(
      `(x - ${minimum})^2/2`,
      { start: [minimum], trial: { steps: 5, escape: 'x < 0' }, ...more },
      { centre: [minimum] },
    )

  test('sees noise that is lost beside its coordinate', async () => {
    const drift = { form: 'additive', law: 'gaussian', sigma: 1e-9 }
    const found = await resolutionOf(moved(1e6, { update: { rule: 'gradient', eta: 0.1, drift } }))
    expect(found!.noise! / 1e-16).toBeCloseTo(1, 10)
    expect(found!.step!).toBeCloseTo(0.1, 6)
  })

  test('sees steps that move nothing', async () => {
    expect((await resolutionOf(moved(3, { update: { ...noise, eta: 1e-14 } })))!.step! / 1e-14).toBeCloseTo(1, 6)
  })

  test('sees balls that are smaller than a coordinate resolves', async () => {
    const trial = {
      steps: 5,
      escape: { outside: { radius: 1e-7, of: 'centre' } },
      converge: { within: 1, of: 'centre' },
    }
    expect((await resolutionOf(moved(1e6, { update: noise, trial })))!.radius! / 1e-13).toBeCloseTo(1, 10)
  })

  test('has nothing to compare at 0, and without noise or gradient', async () => {
    expect(await resolutionOf(moved(0, { update: noise }))).toBe(null)
    const multiplied = { ...noise, drift: { form: 'multiplicative', law: 'gaussian', sigma: 1 } }
    expect((await resolutionOf(moved(1, { update: multiplied })))!.noise).toBe(null)
    const silent = { ...noise, drift: { ...noise.drift, sigma: 0 } }
    expect((await resolutionOf(moved(1, { update: silent })))!.noise).toBe(null)
  })

  test('adam moves by eta, and noise on its gradient is what it makes of it', async () => {
    expect(await resolutionOf(moved(2, { update: { ...noise, rule: 'adam' } }))).toEqual({
      noise: null,
      step: 0.05,
      radius: null,
    })
  })
})

describe('large landscapes', () => {
  const { cell: large } = resolvedCellOf('quadratic', {
    landscape: { preset: 'quadratic', dimension: 200 },
    start: new Array(200).fill(1),
    update: noise,
    trial: { steps: 20, escape: 'loss >= 1000' },
  })

  test('200 dimensions', async () => {
    const { stability, temperature, failed } = await of(large)
    expect(failed).toEqual([])
    expect(stability!.curvature).toBeCloseTo(1, 6)
    expect(temperature!.modes.length).toBe(1)
  })

  if (full)
    test('a network whose gradients are slow on the host is looked at by the kernel', async () => {
      const { cell, tables } = resolvedCellOf('double-well', {
        landscape: {
          network: {
            layers: [2, 3, 1],
            activation: 'tanh',
            data: { preset: 'moons', samples: 40 },
            decay: 0.01,
            batch: 8,
          },
        },
        start: { init: 'xavier' },
        update: { rule: 'gradient', eta: 0.1 },
        trial: { steps: 20, escape: { basin: true, every: 10, gradient: 1e-5, eta: 0.3 } },
      })
      const found = await of(cell, tables)
      expect(found.failed).toEqual([])
      expect(found.control).toMatchObject({ own: false, steps: 20 })
      expect(found.basin).toMatchObject({ of: 'basin', tolerance: 1e-5 })
      expect(found.stability!.curvature).toBeGreaterThan(0.02)
    })
})
