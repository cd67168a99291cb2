import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it, test } from 'vitest'
import { derivativesOf } from '../interval/derivatives.ts'
import { basinOnLine } from './basin.ts'

function basinOf(expression: string, at: number, eta: number, tolerance = 1e-9) {
  const { cell, tables } = parseSweep(
    JSON.stringify({
      version: 1,
      name: 'one',
      landscape: { formula: { variables: ['x'], expression } },
      start: [at],
      update: { rule: 'gradient', eta: 0.1 },
      trial: { steps: 1, escape: 'x > 1e6' },
      trials: 1,
    }),
    { fileName: 'one' },
  ).cell(0)
  if (cell.landscape.kind !== 'formula') throw new Error('no formula')
  const derivatives = derivativesOf(cell.landscape, tables)
  if (derivatives === null) throw new Error('no derivatives')
  return basinOnLine(derivatives, at, { eta, tolerance })
}

/** Where descent ends that may take long near the saddle. */
function endOf(slope: (x: number) => number, from: number, eta: number): number {
  let x = from
  for (let n = 0; n < 100_000 && slope(x) !== 0; n++) x -= eta * slope(x)
  return x
}

describe('the stretch from which descent is proven to end at the minimum', () => {
  const well = (x: number) => x ** 3 - x

  test.each([0.01, 0.1, 0.5, 0.9])('of the double well, eta %d: descent from all over it does', (eta) => {
    const [low, high] = basinOf('(x^2-1)^2/4', -1, eta)!
    expect(high).toBeLessThanOrEqual(0)
    expect(high).toBeGreaterThan(-1e-8)
    expect(low).toBeLessThan(-1)
    for (let k = 1; k < 12; k++) {
      const x = low + ((high - low) * k) / 12
      expect(endOf(well, x, eta)).toBeCloseTo(-1, 9)
    }
  })

  it('ends where a step of the outer wall leads across the well, and not before', () => {
    // x - 0.5 (x^3 - x) = 0 at -sqrt 3.
    const [low] = basinOf('(x^2-1)^2/4', -1, 0.5)!
    expect(low).toBeGreaterThanOrEqual(-Math.sqrt(3))
    expect(low).toBeLessThan(-Math.sqrt(3) + 1e-6)
    // Just beyond it descent ends in the other well.
    expect(endOf(well, -Math.sqrt(3) - 1e-3, 0.5)).toBeCloseTo(1, 9)
  })

  it('goes on for ever where nothing ends it', () => {
    const [low, high] = basinOf('x^2/2', 0, 0.1)!
    for (const length of [-low, high]) {
      expect(length).toBeGreaterThan(1e3)
      // No formula has a place for infinity.
      expect(length).toBeLessThan(1e5)
    }
  })

  it('ends before a descent would end early', () => {
    // |x^3 - x| <= 0.1 from -0.1010 to the saddle: descent from there does not begin.
    const [low, high] = basinOf('(x^2-1)^2/4', -1, 0.1, 0.1)!
    expect(high).toBeLessThan(-0.101)
    expect(high).toBeGreaterThan(-0.1011)
    expect(low).toBeLessThan(-2)
  })

  it('is none where descent does not contract, or there is no strict minimum', () => {
    expect(basinOf('(x^2-1)^2/4', -1, 1)).toBeNull()
    expect(basinOf('x^4', 0, 0.1)).toBeNull()
    expect(basinOf('(x^2-1)^2/4', 0, 0.1)).toBeNull()
    expect(basinOf('(x^2-1)^2/4', -0.9, 0.1)).toBeNull()
  })
})
