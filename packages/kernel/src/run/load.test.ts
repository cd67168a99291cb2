import type { Cell, Tables } from '@driftfarm/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, constant, doubleWell, drift, quadratic, wells } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { batches, network, randomSamples, sampledFormula, uniforms } from '../agreement/networks.fixture.ts'
import { withOtherNumbers } from '../agreement/otherNumbers.fixture.ts'
import { lives } from '../agreement/randomLives.fixture.ts'
import { places } from '../memory/map.ts'
import { cellOfSpec } from '../splitting/replicas.fixture.ts'
import { writeCell, writeTables } from './cellMemory.ts'
import { Kernel } from './kernel.ts'
import { compiledModule, withTraining } from './kernelOf.ts'
import { type PreparedCell, prepare } from './prepare.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const first = 2 ** 31 - 5
/** More than there are lanes. */
const count = 13
const all = { keep: true, horizons: [5, 20], theta: true } as const

const runAll = (kernel: Kernel) => kernel.run(first, count, all)
/** With records of trials alone: replicas have no theta. */
const runValued = (kernel: Kernel) => kernel.run(first, 3, { keep: true, horizons: [] })

/** Lets the kernel begin trials, and stops it soon after, in the middle of them. */
function stopIn(kernel: Kernel, cell: PreparedCell, slice: number): void {
  kernel.load({ ...cell, slice })
  const stop = new Int32Array(new SharedArrayBuffer(4))
  stop[0] = 1
  kernel.run(first, count, { ...all, stop })
}

/** One kernel for all of the cells in turn, again and again, against a kernel for each. */
async function checkLoads(cells: readonly PreparedCell[], run: (kernel: Kernel) => unknown = runAll): Promise<void> {
  const module = await compiledModule(cells[0]!)
  const expected = cells.map((cell) => run(Kernel.create(module, cell)))
  const kernel = Kernel.create(module, cells[0]!)
  for (const at of [0, 1, 0, ...cells.keys(), ...[...cells.keys()].reverse()]) {
    kernel.load(cells[at]!)
    expect(run(kernel)).toEqual(expected[at])
  }
  for (const slice of [1, 2, 9, 40]) {
    for (const [at, cell] of cells.entries()) {
      stopIn(kernel, cells[(at + 1) % cells.length]!, slice)
      kernel.load(cell)
      expect(run(kernel)).toEqual(expected[at])
    }
  }
}

function withOthers(cell: Cell, tables: Tables, seed: number): Promise<readonly PreparedCell[]> {
  const next = uniforms(seed)
  return Promise.all(
    [cell, ...Array.from({ length: 2 }, () => withOtherNumbers(cell, next))].map((one) =>
      withTraining(prepare(one, tables), compiledModule),
    ),
  )
}

/** The fast tier takes those that keep something from trial to trial, and every sixteenth of the rest. */
const keeping = /basin|quench|Hessian|schedules|all continue/
const some = Object.entries(gallery).filter(([name], at) => full || at % 16 === 0 || keeping.test(name))

describe('a kernel that took up a cell computes what one made for it does', () => {
  it.each(some)('%s', async (_, cell) => {
    await checkLoads(await withOthers(cell, [], 1))
  })

  it.each(Object.keys(lives).filter((_, at) => full || at % 5 === 0))('random lives: %s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(lives[kind]![0], async ({ cell, tables, first: seed }) =>
        checkLoads(await withOthers(cell, tables, seed)),
      ),
      { numRuns: full ? 25 : 1, seed: 20261128 },
    )
  })

  const [, replaced, shuffled] = batches(4)
  const tables = [randomSamples(9, 2, 1, 1), randomSamples(9, 2, 1, 2), randomSamples(30, 2, 1, 3)]
  it.each([
    ['replaced', replaced!],
    ['shuffled', shuffled!],
  ])('other samples, and another number of them: %s', async (_, batch) => {
    const formulas = tables.map((data) => {
      const landscape = sampledFormula(['a', 'b'], '(a*u + b*v - w)^2', ['u', 'v', 'w'], data, { batch })
      return prepare(cellOf({ landscape, start: [0.1, 0.2] }), [data])
    })
    await checkLoads(formulas)
    const networks = tables.map((data) =>
      prepare(cellOf({ landscape: network([2, 2, 1], data, { batch }), start: { kind: 'init', law: 'he' } }), [data]),
    )
    await checkLoads(networks)
  })

  it('ends of descents that all trials share', async () => {
    const descent = { gradient: 1e-3, eta: 0.1, steps: 90 }
    const from = (x: number): Cell =>
      cellOf({
        landscape: doubleWell,
        start: { kind: 'descend', from: { kind: 'point', point: [x] }, descent },
        trial: { ...wells, escape: { kind: 'basin', every: 3, descent } },
      })
    await checkLoads([from(-1.5), from(0.5), from(-0.1)].map((cell) => prepare(cell)))
  })

  it('schedules whose tables are as long as the longest horizon', async () => {
    const scheduled = (steps: number, initial: number): Cell =>
      cellOf({
        landscape: quadratic(1),
        start: [1],
        update: {
          eta: { kind: 'power', initial, offset: 100, exponent: 0.5 },
          drift: [drift('gaussian', 'sigma', constant(0.1))],
        },
        trial: { steps },
      })
    const cells = [scheduled(300, 0.5), scheduled(7, 0.1), scheduled(299, 0.2), scheduled(66_000, 0.3)]
    await checkLoads(cells.map((cell) => prepare(cell)))
  })

  const spec = {
    landscape: { preset: 'double-well' },
    start: [-1],
    trial: { steps: 60, escape: 'x >= 0' },
    trials: 9,
  }
  const update = (sigma: number) => ({
    rule: 'gradient',
    eta: 0.1,
    drift: { form: 'additive', law: 'gaussian', sigma },
  })
  it.each([
    ['splitting', { splitting: { particles: 24, kill: 3 } }],
    ['tilt', { tilt: { shift: '-2*max(g, 0)', original: 0.1 } }],
  ])('%s', async (_, method) => {
    const cells = [0.7, 0.9, 1.2].map((sigma) => prepare(cellOfSpec({ ...spec, update: update(sigma), method })))
    await checkLoads(cells, runValued)
  })
})

it('takes no cell of another shape', async () => {
  const cell = prepare(cellOf({ landscape: doubleWell, start: [-1] }))
  const kernel = Kernel.create(await compiledModule(cell), cell)
  const expected = runAll(kernel)
  expect(() => kernel.load(prepare(gallery['banana, two exits']!))).toThrow(/does not match/)
  expect(runAll(kernel)).toEqual(expected)
})

it('clears a memory but for what every run writes before it reads', () => {
  const data = randomSamples(9, 2, 1)
  const cell = prepare(
    cellOf({
      landscape: network([2, 3, 1], data, { batch: batches(3)[2]! }),
      start: { kind: 'init', law: 'he' },
      update: { eta: { kind: 'exponential', initial: 1, rate: 0.9 } },
    }),
    [data],
  )
  const [fresh, used] = [new ArrayBuffer(cell.free), new ArrayBuffer(cell.free)]
  new Uint8Array(used).fill(0xa5)
  for (const buffer of [fresh, used]) writeTables(buffer)
  writeCell(fresh, cell, null)
  writeCell(used, cell, { ...cell, data: null })
  const equal = (from: number, to: number) =>
    expect(new Uint8Array(used, from, to - from)).toEqual(new Uint8Array(fresh, from, to - from))
  equal(places.control, places.layers)
  equal(places.shape, cell.places.tables)
  equal(cell.places.work, cell.free)
  // Every run clears its histograms.
  expect(new Uint8Array(used)[places.escapeHistogram]).toBe(0xa5)
})
