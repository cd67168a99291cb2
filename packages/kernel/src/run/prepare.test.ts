import type { Cell, Tables } from '@driftfarm/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, constant, doubleWell, drift, exits, formula, indexed, wells } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { batches, network, population, randomSamples, uniforms } from '../agreement/networks.fixture.ts'
import { withOtherNumbers } from '../agreement/otherNumbers.fixture.ts'
import { kinds } from '../agreement/randomCells.fixture.ts'
import { lives } from '../agreement/randomLives.fixture.ts'
import { structureOf } from '../model/structure.ts'
import { layoutOf } from '../outcome/outcome.ts'
import { makeTemplate, type PreparedCell, prepare, prepareBy } from './prepare.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const cellsOfAKind = full ? 300 : 2

/** From its expressions, whatever was prepared before. */
function prepareAnew(cell: Cell, tables: Tables): PreparedCell {
  return prepareBy(makeTemplate(cell), layoutOf(cell), cell, tables)
}

/** A training run is prepared beside its cell. */
const untrained = (kind: string) => lives[kind]![0].filter(({ cell }) => cell.start.kind !== 'train')

/** Prepares the cell, then others that differ in numbers: these need no template of their own and come out alike. */
function checkOthers(cell: Cell, tables: Tables, next: () => number): void {
  const first = prepare(cell, tables)
  expect(first).toEqual(prepareAnew(cell, tables))
  for (let i = 0; i < 3; i++) {
    const other = withOtherNumbers(cell, next)
    const found = prepare(other, tables)
    expect(found.places, 'of the same template').toBe(first.places)
    expect(found).toEqual(prepareAnew(other, tables))
  }
}

describe('cells that differ in numbers are prepared by one template, as if each had its own', () => {
  it.each(Object.entries(gallery).filter((_, at) => full || at % 2 === 0))('%s', (_, cell) => {
    checkOthers(cell, [], uniforms(1))
  })

  it.each(Object.keys(kinds))('random cells: %s', (kind) => {
    fc.assert(
      fc.property(kinds[kind as keyof typeof kinds], ({ cell, first }) => checkOthers(cell, [], uniforms(first))),
      { numRuns: cellsOfAKind, seed: 20261126 },
    )
  })

  it.each(Object.keys(lives))('random lives: %s', (kind) => {
    fc.assert(
      fc.property(untrained(kind), ({ cell, tables, first }) => checkOthers(cell, tables, uniforms(first))),
      { numRuns: cellsOfAKind, seed: 20261127 },
    )
  })

  it('splitting and tilts', () => {
    const well = gallery['double well, first exit']!
    const splitting = { kind: 'splitting', score: 'x', target: null, particles: 20, kill: 2 } as const
    const tilt = { kind: 'tilt', shifts: ['-2*max(g, 0)'], original: 0.1 } as const
    // What is asked of splitting is in its structure.
    checkOthers({ ...well, method: tilt }, [], uniforms(2))
    for (const seed of ['1', '2']) {
      const cell: Cell = { ...well, seed, method: splitting }
      expect(prepare(cell)).toEqual(prepareAnew(cell, []))
      expect(prepare({ ...cell, method: { ...splitting, target: 0.5 } }).splitting?.target).toBe(0.5)
    }
  })
})

const sketch = { landscape: doubleWell, start: [-1] }
const spectral = (trace: number | null): Cell =>
  cellOf({
    landscape: indexed(2, 'x[1]^2 + x[2]^4'),
    start: [1, 1],
    update: {
      drift: [
        {
          form: 'anisotropic',
          shape: { kind: 'hessian', at: 'start', power: 1, trace },
          law: { kind: 'gaussian' },
          isotropic: false,
          amount: constant(1),
          when: null,
          every: 1,
        },
      ],
    },
  })
const every = (steps: number): Cell =>
  cellOf({ ...sketch, update: { drift: [{ ...drift('gaussian', 'sigma', 1), every: steps }] } })
const samples = randomSamples(9, 2, 1)
const quench = { gradient: 1e-3, eta: 0.1, steps: 9 }

/** Cells that differ only in numbers, or in how many there are, and yet have other sources. */
const unlike: Readonly<Record<string, readonly [Cell, Cell]>> = {
  'a constant that vanishes': [
    cellOf({ ...sketch, landscape: formula(['x'], '2*x^2 + 1*x') }),
    cellOf({ ...sketch, landscape: formula(['x'], '2*x^2 + 0*x') }),
  ],
  'a power': [
    cellOf({ ...sketch, landscape: formula(['x'], 'x^2') }),
    cellOf({ ...sketch, landscape: formula(['x'], 'x^4') }),
  ],
  'constants in events': [
    cellOf({ ...sketch, trial: { escape: exits(['', 'x > 0.5']) } }),
    cellOf({ ...sketch, trial: { escape: exits(['', 'x > x^0.5']) } }),
  ],
  'a schedule': [
    cellOf({ ...sketch, update: { eta: { kind: 'expression', expression: '0.1/(1 + n)' } } }),
    cellOf({ ...sketch, update: { eta: { kind: 'expression', expression: '0.1/(1 + n)^2' } } }),
  ],
  'pieces of a schedule': [
    cellOf({ ...sketch, update: { eta: { kind: 'piecewise', points: [[0, 1]] } } }),
    cellOf({
      ...sketch,
      update: {
        eta: {
          kind: 'piecewise',
          points: [
            [0, 1],
            [4, 2],
          ],
        },
      },
    }),
  ],
  'drift at every step, or not': [every(1), every(2)],
  'a warm-up, or none': [cellOf(sketch), cellOf({ ...sketch, trial: { warmup: 1 } })],
  'minima, or none': [cellOf(sketch), cellOf({ ...sketch, trial: wells })],
  'a quench, or none': [cellOf({ ...sketch, trial: wells }), cellOf({ ...sketch, trial: { ...wells, quench } })],
  'a trace, or none': [spectral(1), spectral(null)],
  'one dimension more': [
    cellOf({ landscape: indexed(2, 'x[1]^2'), start: [1, 1] }),
    cellOf({ landscape: indexed(3, 'x[1]^2'), start: [1, 1, 1] }),
  ],
  'neurons of a population': [
    cellOf({ landscape: population(2, 1, 2), start: [1, 0, 1, 0] }),
    cellOf({ landscape: population(1, 1, 4), start: [1, 0, 1, 0] }),
  ],
  'samples of a batch': [
    cellOf({ landscape: network([2, 1], samples, { batch: batches(3)[1]! }), start: [1, 0, 1] }),
    cellOf({ landscape: network([2, 1], samples, { batch: batches(4)[1]! }), start: [1, 0, 1] }),
  ],
}

it.each(Object.entries(unlike))('has no common template for cells that need their own: %s', (_, [one, other]) => {
  const { landscape } = one
  const data = landscape.kind === 'network' ? [samples] : []
  expect(structureOf(one)).not.toBe(structureOf(other))
  const [first, second] = [prepare(one, data), prepare(other, data)]
  expect(second).toEqual(prepareAnew(other, data))
  // The negative control: by the template of the first, the second would be another cell.
  expect(prepareBy(makeTemplate(one), layoutOf(other), other, data)).not.toEqual(second)
  expect(first).toEqual(prepareAnew(one, data))
})

it('forgets templates of which there are many, and makes them again', () => {
  const cells = Array.from({ length: 70 }, (_, i) =>
    cellOf({ ...sketch, landscape: formula(['x'], `x^2 + ${i + 2}*x`) }),
  )
  const [first] = cells.map((cell) => prepare(cell))
  const again = prepare(cells[0]!)
  expect(again).toEqual(first)
  expect(again.places).not.toBe(first!.places)
})
