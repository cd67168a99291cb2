import { type Cell, parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { traceReference } from './run.ts'
import { stepFunction } from './stepFunction.ts'

const cellOf = (drift: unknown, more: object = {}): Cell =>
  parseSweep(
    JSON.stringify({
      version: 1,
      name: 'steps',
      seed: 5,
      landscape: { preset: 'banana' },
      start: [-0.9, 0.8],
      update: { rule: 'gradient', eta: { power: { initial: 0.1, offset: 9, exponent: 1 } }, drift },
      trial: { steps: 40 },
      trials: 1,
      ...more,
    }),
    { fileName: 'steps' },
  ).cell(0).cell

describe('a step with given draws', () => {
  it.each([
    [{ form: 'additive', law: 'rademacher', sigma: 0.7 }, 2],
    [{ form: 'additive', law: 'rademacher', temperature: 0.1 }, 2],
    [{ form: 'multiplicative', law: 'rademacher', sigma: 0.7 }, 2],
    [{ form: 'loss-scaled', law: 'rademacher', sigma: 0.7 }, 2],
    [{ form: 'anisotropic', law: 'rademacher', sigma: 0.7, S: { hessian: { at: 'start', power: 0.5 } } }, 2],
    [{ form: 'rate', law: 'sphere', sigma: 0.7 }, 1],
    [{ form: 'flip', q: 0.3 }, 1],
    [
      [
        { form: 'flip', q: 0.3, when: 'x > -1' },
        { form: 'additive', law: 'rademacher', step: 0.1, every: 2 },
      ],
      3,
    ],
    ['none', 0],
  ])('takes every trial along its way: %j', (drift, count) => {
    const cell = cellOf(drift)
    const { draws, step } = stepFunction(cell, [], [-0.9, 0.8])
    expect(draws).toHaveLength(count)
    const ways = new Set<number>()
    for (let trial = 0; trial < 5; trial++) {
      let before: readonly number[] = []
      traceReference(cell, trial, ({ n, theta }) => {
        const now = Array.from(theta)
        if (n > 0) {
          const into = new Float64Array(2)
          const taken = Array.from({ length: 2 ** count }, (_, bits) => bits).find((bits) => {
            step(before, n - 1, bits, into)
            return into.every((x, i) => Object.is(x, now[i]))
          })
          expect(taken).toBeDefined()
          ways.add(taken!)
        }
        before = now
      })
    }
    expect(ways.size).toBe(2 ** count)
  })

  it('a taken sign is minus one, a taken flip turns the gradient', () => {
    const line = (drift: object) =>
      cellOf(drift, { landscape: { preset: 'quadratic', dimension: 1 }, start: [1], update: { eta: 0.5, drift } })
    const to = (cell: Cell, taken: number) => {
      const into = new Float64Array(1)
      stepFunction(cell, [], [1]).step([1], 0, taken, into)
      return into[0]
    }
    expect([0, 1].map((bit) => to(line({ form: 'flip', q: 0.25 }), bit))).toEqual([0.5, 1.5])
    for (const law of ['rademacher', 'sphere'])
      expect([0, 1].map((bit) => to(line({ law, sigma: 0.25 }), bit))).toEqual([0.375, 0.625])
  })

  it.each([
    [{ law: 'gaussian', sigma: 1 }, /gaussian/],
    [{ law: 'sphere', sigma: 1 }, /sphere/],
    [{ law: 'rademacher', isotropic: true, sigma: 1 }, /finitely many/],
    [{ form: 'rotation', law: 'rademacher', sigma: 1 }, /rotation/],
  ])('refuses what takes more values: %j', (drift, reason) => {
    expect(() => stepFunction(cellOf(drift), [], [0, 0])).toThrow(reason)
  })
})
