import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { criticalPoints } from './criticalPoints.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

describe('points where the gradient vanishes', () => {
  test('are found on a line wherever it changes its sign', () => {
    const found = criticalPoints((theta, into) => into.set([Math.sin(theta[0]!)]), { low: [-4], high: [7], step: 0.3 })
    expect(found.map(([x]) => Math.round(x! / Math.PI))).toEqual([-1, 0, 1, 2])
    for (const [x] of found) expect(Math.abs(Math.sin(x!))).toBeLessThan(1e-15)
  })

  test('are none on a slope', () => {
    expect(criticalPoints((_, into) => into.set([1]), { low: [-1], high: [1], step: 0.1 })).toEqual([])
    expect(criticalPoints((_, into) => into.set([1, 0]), { low: [-1, -1], high: [1, 1], step: 0.1 })).toEqual([])
  })

  test('are found in a plane, minima and saddles, each once', () => {
    const gradient = ([x, y]: ArrayLike<number> & Iterable<number>, into: Float64Array) =>
      into.set([x! ** 3 - x!, 2 * (y! - 0.3)])
    const found = criticalPoints(gradient, { low: [-2, -2], high: [2, 2], step: 0.05 })
    const places = found.map((point) => point.map((x) => Number(x.toFixed(6)) + 0))
    expect(places.toSorted(([a], [b]) => a! - b!)).toEqual([
      [-1, 0.3],
      [0, 0.3],
      [1, 0.3],
    ])
  })

  test('are at most 32 along a valley', () => {
    const found = criticalPoints((theta, into) => into.set([0, theta[1]!]), { low: [-1, -1], high: [1, 1], step: 1e-4 })
    expect(found.length).toBeLessThanOrEqual(32)
  })
})

// A trial converges where |L'| <= tolerance. This is an interval of width 2 tolerance / L'' about -1, far narrower than
// the distance between the points at which regions are examined. In such a narrow interval, the density of the end of a
// step hardly changes. So the rate per step is proportional to the width, and thus to the tolerance.
if (full)
  test('convergence by the gradient is found in an interval between the examined points', () => {
    const rateAt = (tolerance: number, start: number): number => {
      const spec = {
        version: 1,
        name: 'narrow',
        landscape: { preset: 'double-well' },
        start: [start],
        update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 0.5 } },
        trial: { steps: 500, converge: { gradient: tolerance } },
        trials: 1,
      }
      const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'narrow' }).cell(0)
      const found = oracle(cell, tables)
      if ('reason' in found) throw new Error(found.reason)
      const { value, error } = found.answers.find(({ name }) => name === 'rate')!
      expect(error).toBeLessThan(1e-8)
      return value
    }
    const [wide, narrow] = [rateAt(1e-5, -0.912345), rateAt(1e-6, -0.912345)]
    // With the tolerance 1e-3, the rate is 0.0046999, and the interval is 0.02 scales wide.
    expect(wide / 1e-5).toBeCloseTo(0.0046999 / 1e-3, 0)
    expect(Math.abs(wide / narrow / 10 - 1)).toBeLessThan(1e-4)
  })
