import { describe, expect, test } from 'vitest'
import { sweptAxes } from './sweptAxes.ts'
import { parseWhere } from './where.ts'

const cells = [16, 256, 'full'].flatMap((batch) =>
  [0.1, 0.2].flatMap((eta) =>
    ['adam', 'plain sgd'].map((rule) => ({
      params: { 'landscape.batch': batch, 'update.eta': eta, 'update.rule': rule },
    })),
  ),
)
const axes = sweptAxes(cells)
const chosen = (text: string) => {
  const holds = parseWhere(axes, text)
  return cells.filter(({ params }) => holds(params)).map(({ params }) => Object.values(params))
}

describe('a condition over swept values', () => {
  test('compares numbers by a path or by its end', () => {
    expect(chosen('eta > 0.15')).toHaveLength(6)
    expect(chosen('update.eta > 0.15')).toEqual(chosen('eta > 0.15'))
    expect(chosen('eta > 1')).toHaveLength(0)
  })

  test('compares words, quoted if they are not plain words', () => {
    expect(chosen('rule == adam')).toHaveLength(6)
    expect(chosen('rule == "plain sgd"')).toHaveLength(6)
    expect(chosen('rule != adam')).toEqual(chosen('rule == "plain sgd"'))
  })

  test('numbers among words are numbers', () => {
    expect(chosen('batch == full')).toHaveLength(4)
    expect(chosen('batch == 16')).toHaveLength(4)
    expect(chosen('batch > 16')).toHaveLength(4)
  })

  test('conditions join', () => {
    expect(chosen('eta == 0.1 && (rule == adam || batch == full)')).toHaveLength(4)
  })

  test('a path that is not swept is refused with the name that the user typed', () => {
    expect(() => chosen('etaa > 1')).toThrow('etaa')
    expect(() => chosen('update.sigma > 1')).toThrow('update.sigma is not swept')
    expect(() => chosen('eta >')).toThrow()
  })
})
