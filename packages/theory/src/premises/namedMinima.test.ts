import { expect, test } from 'vitest'
import { cellOf, resolvedCellOf } from '../cells.fixture.ts'
import { findMinima } from '../minima/findMinima.ts'
import { namedMinima } from './namedMinima.ts'

const xor = (minima: Readonly<Record<string, readonly number[]>>, more: Readonly<Record<string, unknown>> = {}) =>
  resolvedCellOf('double-well', {
    landscape: {
      network: { layers: [2, 2, 1], activation: 'tanh', data: { preset: 'xor' }, decay: 0.001, ...more },
      minima,
    },
    start: { init: 'xavier' },
  })
const descent = { eta: 0.2, gradient: 1e-6, steps: 20_000 }

test('minima of a network are minima, with six digits too', async () => {
  const { cell, data } = xor({})
  const { minima } = await findMinima(cell, data, { descents: 20, descent, confidence: 0.99 })
  const best = minima[0]!.point
  const named = xor({ exact: best, rounded: best.map((x) => Number(x.toPrecision(6))) })
  expect(await namedMinima(named.cell, named.data)).toEqual([])
})

test('a point on a slope, and a saddle, are not', async () => {
  // All weights 0: a saddle of every network with a symmetric activation.
  const { cell, data } = xor({ slope: new Array(9).fill(0.5), origin: new Array(9).fill(0) }, { biases: true })
  const found = await namedMinima(cell, data)
  expect(found.map(({ name }) => name)).toEqual(['slope', 'origin'])
  for (const { gradnorm, curvature, endsAt } of found) {
    expect(gradnorm).toBeGreaterThan(0.01)
    expect(curvature).not.toBe(null)
    expect(endsAt!.length).toBe(9)
  }
})

test('a saddle without a slope is told by its curvature, and descent leaves it', async () => {
  // Output and first input go together, which weights of 0 do not see and any others do.
  const data = {
    inputs: [
      [-1, 0],
      [1, 0],
      [0, 1],
      [0, -1],
    ],
    targets: [[-1], [1], [0.5], [-0.5]],
  }
  const { cell, data: table } = xor({ saddle: new Array(9).fill(0) }, { data, decay: 0 })
  const [found, ...others] = await namedMinima(cell, table)
  expect(others).toEqual([])
  expect(found).toMatchObject({ name: 'saddle', gradnorm: 0 })
  expect(found!.curvature).toBeLessThan(-0.1)
  expect(Math.hypot(...found!.endsAt!)).toBeGreaterThan(0.5)
})

test('plain formulas are left to the spec', async () => {
  const landscape = { formula: { variables: ['x'], expression: 'x^2 + x^4', minima: { zero: [0] } } }
  expect(await namedMinima(cellOf('double-well', { landscape, start: [0] }), null)).toEqual([])
})
