import { type Cell, parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kernelOf } from '../run/kernelOf.ts'

// The minima of Himmelblau's function:
// mpmath.mp.dps = 40; mpmath.findroot(lambda x, y: (x**2 + y - 11, x + y**2 - 7), start), for each start
const minima = {
  a: [3, 2],
  b: [-2.805118086952745, 3.131312518250573],
  c: [-3.779310253377747, -3.2831859912861696],
  d: [3.5844283403304917, -1.8481265269644036],
}
const trials = 400

/** Descends from all over the plane, with the minima as a paper prints them. */
function cellOf(digits: number): Cell {
  const printed = Object.entries(minima).map(([name, point]) => [name, point.map((x) => Number(x.toFixed(digits)))])
  const spec = {
    version: 1,
    landscape: {
      formula: {
        variables: ['x', 'y'],
        expression: '(x^2 + y - 11)^2 + (x + y^2 - 7)^2',
        minima: Object.fromEntries(printed),
      },
    },
    start: { uniform: { low: -5, high: 5 } },
    update: { eta: 0.001, drift: { law: 'gaussian', sigma: 1 } },
    trial: { steps: 5, quench: true },
    trials,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'a.json' }).cell(0).cell
}

const settledIn = async (cell: Cell) =>
  Array.from((await kernelOf(cell)).run(0, trials, { keep: false, horizons: [] }).tally.settled)

describe.each([4, 5, 6])('minima with %i digits after the point', (digits) => {
  it('are those in which trials settle', async () => {
    const [a, b, c, d, other] = await settledIn(cellOf(digits))
    expect(other).toBe(0)
    for (const count of [a, b, c, d]) expect(count).toBeGreaterThan(40)
  })

  it('negative control: the points as they are printed are the end of no descent', async () => {
    const cell = cellOf(digits)
    const asPrinted = Object.values(minima).map((point) => point.map((x) => Number(x.toFixed(digits))))
    const trial = { ...cell.trial, minima: cell.trial.minima.map(([name], i) => [name, asPrinted[i]!] as const) }
    const [a, b, c, d, other] = await settledIn({ ...cell, trial })
    expect([b, c, d]).toEqual([0, 0, 0])
    expect(a! + other!).toBe(trials) // [3, 2] is exact
  })
})
