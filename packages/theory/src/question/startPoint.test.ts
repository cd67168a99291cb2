import { traceReference } from '@driftfarm/kernel'
import { type Cell, parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { startPoint } from './startPoint.ts'

function cellOf(spec: object): Cell {
  const text = JSON.stringify({ version: 1, name: 'start', trials: 1, ...spec })
  return parseSweep(text, { fileName: 'start' }).cell(0).cell
}

function valuesOf(cell: Cell): readonly (readonly [string, number])[] {
  const found = oracle(cell, [])
  if ('reason' in found) throw new Error(found.reason)
  return found.answers.map(({ name, value }) => [name, value] as const)
}

/** Where trial 0 starts. */
function begun(cell: Cell): readonly number[] {
  const points: number[][] = []
  traceReference(cell, 0, ({ n, theta }) => {
    if (n === 0) points.push([...theta])
  })
  return points[0]!
}

const gaussian = { form: 'additive', law: 'gaussian', sigma: 0.6 }
// Two steps short of the minimum, so that a start taken for its origin or for the minimum gives other answers.
const short = { steps: 2, eta: 0.1 }

const cells: readonly { readonly method: string; readonly spec: object }[] = [
  {
    method: 'nystrom',
    spec: {
      landscape: { preset: 'double-well' },
      start: { descend: { from: [-0.7], ...short } },
      update: { rule: 'gradient', eta: 0.1, drift: gaussian },
      trial: { steps: 20, escape: 'distance >= 0.6' },
    },
  },
  {
    method: 'radial',
    spec: {
      landscape: { preset: 'quadratic', dimension: 3 },
      start: { descend: { from: [0.5, 0.2, 0], ...short } },
      update: { rule: 'gradient', eta: 0.1, drift: gaussian },
      trial: { steps: 20, escape: { outside: { radius: 1, of: [0, 0, 0] } } },
    },
  },
  {
    method: 'finite',
    spec: {
      landscape: { formula: { variables: ['x'], expression: 'x^2 / 2' } },
      start: { descend: { from: [1], ...short } },
      update: { rule: 'gradient', eta: 0.5, drift: { form: 'additive', law: 'rademacher', sigma: 0.4 } },
      trial: { steps: 5, escape: 'distance >= 0.9' },
    },
  },
]

test.each(cells)('$method: a descent from a point starts where trials start, distances too', ({ spec }) => {
  const cell = cellOf(spec)
  const point = begun(cell)
  expect(startPoint(cell, [])).toEqual(point)
  const origin = cell.start.kind === 'descend' && cell.start.from.kind === 'point' ? cell.start.from.point : null
  expect(point).not.toEqual(origin)
  const named = valuesOf(cellOf({ ...spec, start: point }))
  expect(valuesOf(cell)).toEqual(named)
})

test('a descent from a random start is refused with both names, and one that diverges as such', () => {
  const trial = { steps: 5, escape: 'x >= 0' }
  const update = { rule: 'gradient', eta: 0.1, drift: gaussian }
  const at = (start: object) => cellOf({ landscape: { preset: 'double-well' }, start, update, trial })
  const random = oracle(at({ descend: { from: { uniform: { low: -1, high: 0 } } } }), [])
  expect(random).toEqual({ reason: 'the start is not a point (descend from uniform)' })
  const far = oracle(at({ descend: { from: [-30], eta: 1 } }), [])
  expect(far).toEqual({ reason: 'descent from the start does not lead to a finite point' })
})
