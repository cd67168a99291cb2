import { landscapeFunction } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { isotropicQuadratic } from './radialAnswers.ts'

const quadraticOf = (cell: Cell) => isotropicQuadratic(landscapeFunction(cell, []))
const formula = (expression: string) => ({ landscape: { formula: { variables: ['x', 'y'], expression } } })

describe('an isotropic quadratic', () => {
  it('has its curvature and its centre', () => {
    const preset = { landscape: { preset: 'quadratic', dimension: 40, parameters: { h: 3 } } }
    expect(quadraticOf(cellOf('quadratic', preset, 40))).toEqual({
      curvature: 3,
      centre: new Array(40).fill(0),
    })
    const moved = quadraticOf(cellOf('moved', formula('(x - 1)^2 + (y + 2)^2 + 5')))
    expect(moved.curvature).toBeCloseTo(2, 12)
    expect(moved.centre[0]).toBeCloseTo(1, 12)
    expect(moved.centre[1]).toBeCloseTo(-2, 12)
  })

  it.each(['x^2 + 2*y^2', 'x^2 + y^2 + x*y', 'x^2 + y^2 + 1e-6*x^4', '-(x^2 + y^2)', 'x + y'])(
    'is not %s',
    (expression) => {
      expect(() => quadraticOf(cellOf('other', formula(expression)))).toThrow(/the loss is not/)
    },
  )
})
