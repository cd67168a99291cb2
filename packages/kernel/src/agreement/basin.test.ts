import { type DataTable, dataTable } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { descendAll } from '../run/descend.ts'
import { basinRelation } from '../scalar/basin.ts'
import { type LandscapeFunction, landscapeFunction } from '../scalar/landscapeFunction.ts'
import { cellOf, doubleWell, formula } from './cells.fixture.ts'
import { network, uniforms } from './networks.fixture.ts'

const landscapeOf = (variables: readonly string[], expression: string) =>
  landscapeFunction(cellOf({ landscape: formula(variables, expression), start: variables.map(() => 0) }), [])

function gradnorm(landscape: LandscapeFunction, theta: Float64Array): number {
  const gradient = new Float64Array(theta.length)
  landscape.gradient(theta, gradient)
  return Math.hypot(...gradient)
}

describe('ends of descents', () => {
  const wells = landscapeFunction(cellOf({ landscape: doubleWell, start: [0] }), [])

  it('in two wells of equal depth are two, in one well one, however far they stopped short', () => {
    expect(basinRelation(wells, [-1], [1], 1e-3)).toBe('two')
    expect(basinRelation(wells, [-1.0001], [-0.9998], 1e-3)).toBe('one')
    expect(basinRelation(wells, [1], [1], 1e-9)).toBe('one')
  })

  it('say where one is no minimum: from a saddle both wells are reached without a rise', () => {
    expect(basinRelation(wells, [0], [1], 1e-3)).toBe('above')
    expect(basinRelation(wells, [-1], [0], 1e-3)).toBe('below')
  })

  it('are two where anything is not finite', () => {
    expect(basinRelation(wells, [Number.NaN], [1], 1e-3)).toBe('two')
    expect(basinRelation(wells, [Number.POSITIVE_INFINITY], [1], 1e-3)).toBe('two')
    expect(basinRelation(landscapeOf(['x'], '1/x^2'), [-1], [1], 1e9)).toBe('two')
  })

  it('are one everywhere in a flat landscape and along a valley, straight or curved', () => {
    expect(basinRelation(landscapeOf(['x', 'y'], '0*x*y'), [-5, 3], [4, 4], 1e-9)).toBe('one')
    expect(basinRelation(landscapeOf(['x', 'y'], '(x - y)^2'), [-5, -5], [4, 4], 1e-9)).toBe('one')
    expect(basinRelation(landscapeOf(['x', 'y'], '(x*y - 1)^2'), [0.1, 10], [8, 0.125], 1e-6)).toBe('one')
    expect(basinRelation(landscapeOf(['x', 'y'], '(x^2 + y^2 - 1)^2'), [-1, 0], [0.8, 0.6], 1e-7)).toBe('one')
    // The hyperbola has another branch.
    expect(basinRelation(landscapeOf(['x', 'y'], '(x*y - 1)^2'), [1, 1], [-1, -1], 1e-6)).toBe('two')
  })

  it('do not see a barrier below what their gradients allow', () => {
    const low = landscapeOf(['x'], '(x^2 - 1)^2*0.001')
    expect(basinRelation(low, [-1], [1], 1e-4)).toBe('two')
    expect(basinRelation(low, [-1], [1], 1e-3)).toBe('one')
  })
})

describe('pairs on the two sides of a ridge', () => {
  it('of any width, height and dimension are two', () => {
    const next = uniforms(5)
    const log = (from: number, to: number) => from * (to / from) ** next()
    const tolerance = 1e-6
    for (let pairs = 0; pairs < 200; ) {
      const [width, height, curvature] = [log(0.01, 1), log(1e-3, 1), log(0.01, 1)]
      const dimension = 1 + Math.floor(4 * next())
      if (height / width ** 2 < 1.05 * curvature) continue
      const others = Array.from({ length: dimension - 1 }, (_, i) => `y${i + 1}`)
      const bowl = ['x', ...others].map((name) => `${name}^2`).join(' + ')
      const text = `${curvature}/2*(${bowl}) + ${height}*exp(-x^2/(2*${width}^2))`
      const landscape = landscapeOf(['x', ...others], text)
      // The two minima, and ends near them whose gradient is just small enough.
      const x = width * Math.sqrt(2 * Math.log(height / (curvature * width ** 2)))
      const near = tolerance / (2 * curvature * Math.sqrt(dimension))
      const ends = [x, -x].map((at) => Float64Array.from([at, ...others.map(() => near * (2 * next() - 1))]))
      for (const end of ends) expect(gradnorm(landscape, end)).toBeLessThan(tolerance)
      expect([text, basinRelation(landscape, ends[0]!, ends[1]!, tolerance)]).toEqual([text, 'two'])
      pairs++
    }
  })
})

/** Of a two-layer ReLU network, with each hidden unit scaled up and its output down: the same function. */
function rescaled(theta: Float64Array, inputs: number, units: number, factors: readonly number[]): Float64Array {
  const scaled = Float64Array.from(theta)
  factors.forEach((factor, unit) => {
    for (let i = 0; i < inputs; i++) scaled[inputs * unit + i]! *= factor
    scaled[inputs * units + unit]! *= factor
    scaled[(inputs + 1) * units + unit]! /= factor
  })
  return scaled
}

/** The fast tier takes a quarter of the orbits: their ends are found by descents. */
const orbits = process.env.DRIFTFARM_TEST_TIER === 'full' ? 200 : 20

describe('rescaling orbits of ReLU networks', () => {
  it('are one basin each', async () => {
    const next = uniforms(11)
    let pairs = 0
    for (let sample = 0; pairs < orbits; sample++) {
      const units = 2 + (sample % 3)
      const rows = 6 + Math.floor(6 * next())
      const data = samplesOf(next, rows)
      const cell = cellOf({
        landscape: network([2, units, 1], data, { activation: 'relu' }),
        start: { kind: 'init', law: 'he' },
      })
      const landscape = landscapeFunction(cell, [data])
      const tolerance = [1e-4, 1e-5, 1e-6][sample % 3]!
      const run = await descendAll(cell, [data], { gradient: tolerance / 4, eta: 0.05, steps: 60_000 })
      const { ends, theta } = run(0, 40)
      for (const [i, end] of ends.entries()) {
        if (end !== 'converged' || pairs === orbits) continue
        const one = theta.slice(i * landscape.dimension, (i + 1) * landscape.dimension)
        const other = rescaled(
          one,
          2,
          units,
          Array.from({ length: units }, () => 3 ** (2 * next() - 1)),
        )
        if (gradnorm(landscape, other) > tolerance) continue
        expect([sample, i, basinRelation(landscape, one, other, tolerance)]).toEqual([sample, i, 'one'])
        pairs++
      }
    }
  })
})

function samplesOf(next: () => number, rows: number): DataTable {
  const values = Array.from({ length: rows }, () => {
    const [x, y] = [2 * next() - 1, 2 * next() - 1]
    return [x, y, Math.sin(2 * x) + (y * y) / 2 + 0.3 * next()]
  })
  return dataTable(rows, 3, values.flat())
}
