import { type Cell, presets, resolveLandscape } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { addDigests, addTallies, kernelOf, runReference } from '../index.ts'
import { cellOf, constant, drift } from './cells.fixture.ts'
import { gallery } from './gallery.fixture.ts'

const horizons = [5, 33]
const first = 2 ** 33 - 20
const count = 45

/** These are in the gallery as formulas of ten coordinates and more; the fast tier takes them there. */
const inGallery = ['quadratic', 'rosenbrock', 'rastrigin', 'ackley']
const full = process.env.DRIFTFARM_TEST_TIER === 'full'

/** The presets, twelve-dimensional where any dimension goes, started beside their first minimum. */
const presetCells = Object.fromEntries(
  presets
    .filter(({ name }) => full || !inGallery.includes(name))
    .map(({ name, variables }): [string, Cell] => {
      const { landscape, minima } = resolveLandscape(name, variables === null ? { dimension: 12 } : {})
      const start = minima[0]![1].map((x, i) => x + (i % 3) / 10)
      const cell = cellOf({
        landscape,
        start,
        update: { eta: constant(0.001), drift: [drift('gaussian', 'temperature', 10)] },
        trial: { steps: 40, minima, escape: { kind: 'outside', radius: 0.5, of: start }, marks: [['up', 'loss > 1']] },
      })
      return [`preset ${name}`, cell]
    }),
)
const cells: Readonly<Record<string, Cell>> = { ...gallery, ...presetCells }
/** The fast tier runs every fourth cell. Some of the others are also run by load.test.ts. */
const some = Object.keys(cells).filter((_, at) => full || at % 4 === 1)

describe('the compiled kernel agrees with the scalar reference bit for bit', () => {
  it.each(some)('%s', async (name) => {
    const cell = cells[name]!
    const kernel = await kernelOf(cell)
    const expected = runReference(cell, first, count, { horizons })
    const whole = kernel.run(first, count, { keep: true, horizons })
    expect(whole.records).toEqual(expected.records)
    expect(whole.tally).toEqual(expected.tally)
    expect(whole.digest).toBe(expected.digest)

    // Other neighbours, lanes and order of refill: the same outcomes.
    const parts = [1, 17, 2, 25].map((size, index, sizes) => {
      const begin = first + sizes.slice(0, index).reduce((sum, other) => sum + other, 0)
      return kernel.run(begin, size, { keep: false, horizons })
    })
    expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(expected.digest)
    expect(parts.map(({ tally }) => tally).reduce(addTallies)).toEqual(expected.tally)
    expect(parts.every(({ records }) => records === null)).toBe(true)
  })
})
