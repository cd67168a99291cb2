import { describe, expect, test } from 'vitest'
import { cellId } from '../identity.ts'
import { cellOf } from '../plan/plan.fixture.ts'

const xor = { layers: [2, 3, 2, 1], data: { preset: 'xor' } }
const of = (network: object) => cellOf({ landscape: { network: { ...xor, ...network } }, start: { init: 'he' } })
const line = (beside: object, data: object = {}) =>
  cellOf({
    landscape: {
      formula: { variables: ['w'], expression: '(w*x - y)^2 + z' },
      data: { columns: { z: [0, 0], y: [1, 2], x: [1, 1] }, ...data },
      ...beside,
    },
    start: [0],
    trial: { steps: 9 },
  })

describe('dropout and label noise', () => {
  test('one probability is that of every hidden layer', () => {
    expect(of({ dropout: 0.2 }).landscape).toMatchObject({ dropout: [0.2, 0.2] })
    expect(of({ dropout: [0, '= 1/4'] }).landscape).toMatchObject({ dropout: [0, 0.25] })
    expect(of({ dropout: 0.2 }).kernel).toBe(4)
  })

  test.each([{ dropout: 0 }, { dropout: [0, 0] }, { labelNoise: { flip: 0 } }, { labelNoise: { sigma: 0 } }])(
    '%j is the same cell as none',
    (neutral) => {
      expect(cellId(of(neutral))).toBe(cellId(of({})))
    },
  )

  test('a formula names its targets, or has a column y', () => {
    const labelNoise = { sigma: 0.5 }
    expect(line({ labelNoise }).landscape).toMatchObject({ labelNoise: { sigma: 0.5, columns: ['y'] } })
    expect(line({ labelNoise }, { targets: ['z', 'x'] }).landscape).toMatchObject({
      labelNoise: { columns: ['x', 'z'] },
    })
    expect(cellId(line({ labelNoise: { sigma: 0 } }, { targets: ['x'] }))).toBe(cellId(line({})))
  })
})
