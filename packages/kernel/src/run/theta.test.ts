import { describe, expect, it } from 'vitest'
import { cellOf, constant, doubleWell, drift, exits, quadratic, wells } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { kernelOf, type prepare, runReference, traceReference } from '../index.ts'

describe('the last theta of each trial', () => {
  it('is kept in trial order, with or without records, beyond what the log holds', async () => {
    const cell = gallery['banana, two exits']!
    const kernel = await kernelOf(cell)
    const both = kernel.run(11, 9000, { keep: true, horizons: [], theta: true })
    const alone = kernel.run(11, 9000, { keep: false, horizons: [], theta: true })
    const neither = kernel.run(11, 9000, { keep: true, horizons: [] })
    expect(both.theta!.length).toBe(18_000)
    expect(alone.theta).toEqual(both.theta)
    expect(alone.records).toBeNull()
    expect(neither.theta).toBeNull()
    expect(neither.records).toEqual(both.records)
    expect(both.theta!.slice(0, 40)).toEqual(runReference(cell, 11, 20, { horizons: [], theta: true }).theta)
    expect(runReference(cell, 11, 20, { horizons: [] }).theta).toBeNull()
  })

  it('takes dimensions of which the log holds few', async () => {
    const d = 9000
    const cell = cellOf({ landscape: quadratic(d), start: { kind: 'uniform', low: -1, high: 1 }, trial: { steps: 2 } })
    const { theta } = (await kernelOf(cell)).run(5, 600, { keep: false, horizons: [], theta: true })
    const expected = runReference(cell, 603, 2, { horizons: [], theta: true }).theta!
    expect(theta!.subarray(598 * d)).toEqual(expected)
  })

  it('is what a trace shows last', () => {
    const cell = gallery['double well, first exit']!
    let last = Number.NaN
    traceReference(cell, 8, ({ theta }) => {
      last = theta[0]!
    })
    expect([...runReference(cell, 8, 1, { horizons: [], theta: true }).theta!]).toEqual([last])
  })
})

describe('a trace names what happens at each step', () => {
  const events = (cell: Parameters<typeof prepare>[0], trial: number) => {
    const seen: [number, string][] = []
    const outcome = traceReference(cell, trial, ({ n, events: names }) => {
      for (const name of names) seen.push([n, name])
    })
    return { outcome, seen }
  }
  const sketch = { landscape: doubleWell, start: [-1.4], update: { eta: constant(0.1), drift: [] } } as const

  it('marks, escape, convergence and the end', () => {
    const cell = cellOf({
      ...sketch,
      trial: {
        ...wells,
        steps: 90,
        marks: [
          ['near', 'loss < 0.1'],
          ['never', 'x > 0'],
        ],
        escape: exits(['inner', 'x > -1.2']),
        afterEscape: 'continue',
        converge: { kind: 'within', radius: 0.01, of: [['left', [-1]]], hold: 3 },
      },
    })
    const { outcome, seen } = events(cell, 0)
    expect(seen).toEqual([
      [outcome.marks.near, 'mark:near'],
      [outcome.escapedAt, 'escape:inner'],
      [outcome.convergedAt, 'converge:left'],
      [outcome.steps, 'end'],
    ])
  })

  it('an exit without a name, and divergence', () => {
    const cell = cellOf({
      ...sketch,
      start: [3],
      update: { eta: constant(1), drift: [drift('gaussian', 'sigma', 1)] },
      trial: { escape: exits(['', 'x < 0']), afterEscape: 'continue', divergence: 100 },
    })
    const { outcome, seen } = events(cell, 0)
    expect(seen).toEqual([
      [outcome.escapedAt, 'escape'],
      [outcome.steps, 'diverge'],
      [outcome.steps, 'end'],
    ])
  })
})
