import type { Cell, Schedule } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, layoutOf, traceReference } from '../index.ts'
import { cellOf, constant, doubleWell, drift, exits, formula, quadratic } from './cells.fixture.ts'

async function lastThetas(cell: Cell): Promise<number[]> {
  const kernel = await kernelOf(cell)
  return [...kernel.run(0, 30, { keep: false, horizons: [], theta: true }).theta!]
}

/** The same draws in every cell. */
const base = { landscape: doubleWell, start: [-1], streams: 'common' } as const
const eta = (points: (readonly [number, number])[]): Schedule => ({ kind: 'piecewise', points })

describe('warmup', () => {
  it.each([
    ['in locals', doubleWell, [-1]],
    ['in loops', quadratic(12), new Array<number>(12).fill(0.1)],
  ] as const)('is steps before time zero: %s', async (_, landscape, start) => {
    const sketch = { ...base, landscape, start, update: { rule: { kind: 'momentum', beta: 0.7 } } } as const
    const warm = await lastThetas(cellOf({ ...sketch, trial: { warmup: 7, steps: 20 } }))
    expect(warm).toEqual(await lastThetas(cellOf({ ...sketch, trial: { steps: 27 } })))
    expect(warm).not.toEqual(await lastThetas(cellOf({ ...sketch, trial: { steps: 26 } })))
  })

  it('has the scales of n = 0, beyond the tables too', async () => {
    const steps = 5
    const amount = { kind: 'expression', expression: '1/(n + 1)' } as const
    const warm = cellOf({
      ...base,
      update: {
        eta: eta([
          [0, 0.1],
          [1, 0.01],
        ]),
      },
      trial: { warmup: 7, steps },
    })
    const shifted = cellOf({
      ...base,
      update: {
        eta: eta([
          [0, 0.1],
          [8, 0.01],
        ]),
      },
      trial: { steps: 7 + steps },
    })
    expect(await lastThetas(warm)).toEqual(await lastThetas(shifted))
    const drifted = (warmup: number, count: number, expression: string) =>
      cellOf({
        ...base,
        update: { drift: [drift('gaussian', 'sigma', { ...amount, expression })] },
        trial: { warmup, steps: count },
      })
    const expected = await lastThetas(drifted(0, 70_002, '1/(max(n - 70000, 0) + 1)'))
    expect(await lastThetas(drifted(70_000, 2, '1/(n + 1)'))).toEqual(expected)
  })

  it('counts no step, notes no event and ends where distances begin', () => {
    const trial = {
      warmup: 50,
      steps: 60,
      escape: exits(['', 'distance >= 0.4']),
      marks: [['up', 'x > -0.9']],
    } as const
    const cell = cellOf({ ...base, trial })
    const path: number[] = []
    traceReference(cellOf({ ...base, trial: { steps: 110 } }), 3, ({ theta }) => path.push(theta[0]!))
    const seen: number[] = []
    const outcome = traceReference(cell, 3, ({ theta }) => seen.push(theta[0]!))
    expect(seen).toEqual(path.slice(50, 51 + outcome.steps))
    const far = seen.findIndex((x) => Math.abs(x - seen[0]!) >= 0.4)
    expect(outcome.escapedAt).toBe(far < 0 ? null : far)
    expect(outcome.marks.up).toBe(seen.findIndex((x, n) => n > 0 && x > -0.9))
    expect(Math.max(...path.slice(0, 50))).toBeGreaterThan(-0.9)
    expect(outcome.distance).toBe(Math.abs(seen.at(-1)! - seen[0]!))
  })

  it('lets convergence hold from time zero on only', async () => {
    const converge = { kind: 'when', when: 'x < 5', hold: 4 } as const
    const cell = cellOf({ ...base, trial: { warmup: 50, converge } })
    const kernel = await kernelOf(cell)
    const { records } = kernel.run(0, 20, { keep: true, horizons: [] })
    for (let i = 0; i < 20; i++) expect(decodeOutcome(records!, layoutOf(cell), i).convergedAt).toBe(4)
  })

  it('counts in the corrections of adam: its steps are as long as those of one that never warmed up', () => {
    const rule = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 0 } as const
    const slope = formula(['x'], '3*x')
    const cell = cellOf({ ...base, landscape: slope, update: { rule, drift: [] }, trial: { warmup: 12, steps: 9 } })
    const seen: number[] = []
    traceReference(cell, 0, ({ theta }) => seen.push(theta[0]!))
    for (let n = 1; n < seen.length; n++) expect(seen[n]! - seen[n - 1]!).toBeCloseTo(-0.1, 12)
  })

  it('of adam is as many steps of adam: where it ends is where as many steps of real time would', () => {
    const rule = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const
    const path = (warmup: number, steps: number) => {
      const seen: number[] = []
      const cell = cellOf({ ...base, update: { rule, drift: [] }, trial: { warmup, steps } })
      traceReference(cell, 0, ({ theta }) => seen.push(theta[0]!))
      return seen
    }
    expect(path(5, 6)).toEqual(path(0, 11).slice(5))
  })

  it('that overflows is seen to have diverged in the first step', () => {
    const cell = cellOf({ ...base, start: [3], update: { eta: constant(1) }, trial: { warmup: 40, divergence: 1e300 } })
    expect(traceReference(cell, 0, () => {})).toMatchObject({ end: 'diverged', steps: 1, distance: Number.NaN })
  })
})
