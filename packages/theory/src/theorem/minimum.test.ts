import { describe, expect, it } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { theorem } from './theorem.ts'

const update = { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 0.2 } }
const of = (start: unknown, more: object = {}) => theorem(cellOf('double-well', { start, update, ...more }, 1), [])

describe('a start that descends from a point is the point where it ends', () => {
  it('which is the minimum, if it goes on for long', async () => {
    const { start } = await of({ descend: { from: [-0.5], gradient: 1e-12 } })
    expect(start.random).toBe(false)
    expect(start.distance).toBeLessThan(1e-11)
  })

  it('or on the way to it', async () => {
    const { start } = await of({ descend: { from: [-0.5], eta: 0.01, steps: 10 } })
    // theta' = theta - 0.01 (theta^3 - theta), ten times from -0.5: -0.538243.
    let theta = -0.5
    for (let n = 0; n < 10; n++) theta -= 0.01 * (theta ** 3 - theta)
    expect(start.random).toBe(false)
    expect(start.distance).toBeCloseTo(1 + theta, 12)
  })

  it('but not where it descends from elsewhere each time', async () => {
    expect((await of({ descend: { from: { uniform: { low: -1.5, high: -0.5 } } } })).start.random).toBe(true)
  })
})

it('refuses a start whose descent leaves the place where the loss is a number', async () => {
  const landscape = { formula: { variables: ['x', 'y'], expression: '-log(1 - x^2 - y^2)' } }
  const cell = cellOf('double-well', { landscape, start: [0.7, 0.7], update }, 2)
  await expect(theorem(cell, [])).rejects.toThrow(/not a number/)
})
