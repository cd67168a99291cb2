import type { Cell } from '@driftfarm/spec'
import type { BasinPremise, PremiseLevel } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { premisesOf } from './premises.ts'

const noise = { rule: 'gradient', eta: 0.05, drift: { form: 'additive', law: 'gaussian', sigma: 0.5 } }
/** Few steps, and one look at the basin: most trials are so short that the host runs them. */
const line = (expression: string | null, start: unknown, trial: Readonly<Record<string, unknown>>, minima = {}): Cell =>
  cellOf(
    'double-well',
    {
      ...(expression === null ? {} : { landscape: { formula: { variables: ['x'], expression, minima } } }),
      start,
      update: noise,
      trial: { steps: 20, ...trial },
    },
    1,
  )
const basinOf = async (cell: Cell, level: PremiseLevel = 6): Promise<BasinPremise | null> => {
  const { basin, failed } = await premisesOf(cell, [], { level })
  expect(failed).toEqual([])
  return basin
}

describe('a tolerance that does', () => {
  const sound = { ends: 8, unreached: 0, changed: 0, noMinimum: 0, enough: null }

  test('escape from a basin', async () => {
    const cell = line(null, [-1], { escape: { basin: true, every: 20, gradient: 1e-6, eta: 0.1 } })
    expect(await basinOf(cell)).toEqual({ of: 'basin', tolerance: 1e-6, ...sound })
  })

  test('a quench into named minima, or into a class', async () => {
    expect(await basinOf(line(null, [-1], { quench: { gradient: 1e-7, eta: 0.1 } }))).toEqual({
      of: 'quench',
      tolerance: 1e-7,
      ...sound,
    })
    const bare = { quench: { gradient: 1e-7, eta: 0.1 } }
    expect(await basinOf(line('x^2', [1], bare))).toBe(null)
    expect(await basinOf(line('x^2', [1], { ...bare, classify: { low: 'quenchloss < 1' } }))).toMatchObject({
      of: 'quench',
    })
  })

  test('convergence: the trials that did', async () => {
    const near = { converge: { within: 0.2, of: 'left' } }
    expect(await basinOf(line(null, [-1], near))).toEqual({ of: 'within', tolerance: 1e-9, ...sound })
    const flat = { converge: { gradient: 0.05 } }
    expect(await basinOf(line(null, [-1], flat))).toMatchObject({ of: 'settled', tolerance: 0.05, changed: 0 })
    expect(await basinOf(line(null, [-1], { converge: { within: 1e-9, of: 'left' } }))).toMatchObject({
      of: 'within',
      ends: 0,
    })
  })

  test('is no question without descents and minima', async () => {
    expect(await basinOf(line(null, [-1], { escape: 'x >= 0' }))).toBe(null)
    expect(await basinOf(line('x^2', [1], { converge: { gradient: 0.01 } }))).toBe(null)
    expect(await basinOf(line(null, [-1], { converge: { within: 0.1, of: [-1] } }))).toBe(null)
  })
})

describe('one that does not', () => {
  test('a plateau: every place on it is an end, and the way down is behind it', async () => {
    // Falls by 0.005 x, then over a cliff at 10 into a well.
    const plateau = '-0.005*x - 5*sigmoid(4*(x - 10)) + 0.5*relu(x - 12)^2'
    const cell = line(plateau, [0], { escape: { basin: true, every: 20, gradient: 0.01, eta: 0.1 } })
    expect(await basinOf(cell, 7)).toEqual({
      of: 'basin',
      tolerance: 0.01,
      ends: 8,
      unreached: 0,
      changed: 0,
      noMinimum: 8,
      enough: 0.001,
    })
    // With less time fewer ends are descended on from, and none that was cut on the way counts.
    const short = await basinOf(cell)
    expect(short!.ends).toBeGreaterThan(0)
    expect(short!.noMinimum).toBe(short!.ends)
  })

  test('a barrier lower than the tolerance allows: ends on its two sides are one, and then two', async () => {
    // 0.001 high, and 2 from bottom to bottom; ends stop wherever the slope is below 0.002, which is everywhere
    // between.
    const low = '0.001*(x^2 - 1)^2'
    const cell = line(
      low,
      { uniform: { low: -1.1, high: 1.1 } },
      { escape: { basin: true, every: 20, gradient: 0.0015, eta: 20 } },
    )
    const { changed, noMinimum, enough } = (await basinOf(cell))!
    expect(changed + noMinimum).toBeGreaterThan(0)
    expect(enough).toBeLessThan(0.0015)
    const fine = line(
      low,
      { uniform: { low: -1.1, high: 1.1 } },
      { escape: { basin: true, every: 20, gradient: 1e-6, eta: 20 } },
    )
    expect(await basinOf(fine)).toMatchObject({ changed: 0, noMinimum: 0 })
  })

  test('a bowl so flat that its ends lie far apart is one basin', async () => {
    // Where the gradient is g, the bottom is 1e4 g away.
    const cell = line('0.00005*x^2', [5], { escape: { basin: true, every: 20, gradient: 1e-5, eta: 100 } })
    expect((await basinOf(cell))!.changed).toBe(0)
  })

  test('descents that run out of steps are counted apart', async () => {
    const cell = line(null, [-1], { escape: { basin: true, every: 20, gradient: 1e-9, eta: 1e-4, steps: 50 } })
    expect(await basinOf(cell)).toMatchObject({ ends: 8, unreached: 8 })
  })

  test('a ball that reaches into another basin', async () => {
    const cell = line(null, { uniform: { low: -2, high: 2 } }, { steps: 1, converge: { within: 3, of: 'left' } })
    const { of, ends, changed, enough } = (await basinOf(cell))!
    // All eight on one side: once in 128 seeds; this is another one.
    expect({ of, ends, enough }).toEqual({ of: 'within', ends: 8, enough: null })
    expect(changed).toBeGreaterThan(0)
  })
})
