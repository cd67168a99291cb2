import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSweep } from '../index.ts'
import { latinCoordinate } from './latin.ts'
import { sobolCoordinate, sobolDimensions } from './sobol.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const base = {
  version: 1,
  let: { T: 0.1, a: 1 },
  landscape: { preset: 'tilted-double-well', parameters: { c: '= 0.01 * a' } },
  start: [-1],
  update: { eta: 0.1, drift: { sigma: '= T' } },
  trial: { steps: 100, escape: 'x >= 0' },
  trials: 10,
}
const plan = (change: object) => parseSweep(JSON.stringify({ ...base, ...change }), { fileName: 'a.json' })
const params = (change: object) => [...plan(change).cells()].map(({ params }) => params)
const column = (change: object, path: string) => params(change).map(({ [path]: value }) => value as number)

const T = { 'let.T': { from: 0, to: 1 } }
const both = { 'update.eta': { from: 0.001, to: 1, scale: 'log' }, 'let.T': { from: 1, to: 3 } }

describe("Sobol's sequence", () => {
  test('begins as that of SciPy', () => {
    // scipy.stats.qmc.Sobol(4, scramble=False).random(8), SciPy 1.17.
    const known = [
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
      [0.875, 0.875, 0.125, 0.375],
      [0.625, 0.125, 0.875, 0.625],
      [0.125, 0.625, 0.375, 0.125],
    ]
    const coordinates = [0, 1, 2, 3].map(sobolCoordinate)
    expect(known.map((_, index) => coordinates.map((at) => at(index)))).toEqual(known)
  })

  test('is that of SciPy in a hundred dimensions', () => {
    // hashlib.sha256((qmc.Sobol(100, scramble=False).random(1024)*2**30).astype('<u4').tobytes()).hexdigest()
    const coordinates = Array.from({ length: sobolDimensions }, (_, dimension) => sobolCoordinate(dimension))
    const bytes = new DataView(new ArrayBuffer(4 * 1024 * sobolDimensions))
    for (let index = 0, at = 0; index < 1024; index++)
      for (const coordinate of coordinates) {
        bytes.setUint32(at, coordinate(index) * 2 ** 30, true)
        at += 4
      }
    expect(sobolDimensions).toBe(100)
    expect(bytesToHex(sha256(new Uint8Array(bytes.buffer)))).toBe(
      '9712ff20b2615c8ef4aa37147369c3e23df39652b1b6716cce5912fd60fb0b02',
    )
  })

  test('has one point of 2^k in each of 2^k parts, in every dimension', () => {
    for (let dimension = 0; dimension < sobolDimensions; dimension++) {
      const at = sobolCoordinate(dimension)
      for (const count of [2, 16, 256]) {
        const parts = Array.from({ length: count }, (_, index) => Math.floor(count * at(index)))
        expect(new Set(parts).size).toBe(count)
      }
    }
  })

  test('cuts every rectangle of area 1/2^k of its first two dimensions into equal shares', () => {
    const [x, y] = [sobolCoordinate(0), sobolCoordinate(1)]
    for (let k = 0; k <= 6; k++) {
      const boxes = Array.from(
        { length: 64 },
        (_, i) => Math.floor(2 ** k * x(i)) * 64 + Math.floor(2 ** (6 - k) * y(i)),
      )
      expect(new Set(boxes).size).toBe(64)
    }
  })
})

describe('Latin hypercubes', () => {
  test('have each middle once, whatever the count and the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (count, seed) => {
        const at = latinCoordinate(count, String(seed), 'update.eta')
        const found = Array.from({ length: count }, (_, index) => at(index))
        expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => (i + 0.5) / count))
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test('are uniform among all orders', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 6000; seed++) {
      const at = latinCoordinate(3, String(seed), 'x')
      const order = [0, 1, 2].map(at).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(counts.size).toBe(6)
    // Beyond 20.5 once in a thousand, with five degrees of freedom.
    expect(chiSquare).toBeLessThan(20.5)
  })

  test('keep the order of an axis, whatever the others are, and change it with the seed', () => {
    const latin = (axes: object, change: object = {}) => column({ latin: { count: 20, axes }, ...change }, 'let.T')
    const alone = latin({ 'let.T': both['let.T'] }, { seed: 7 })
    expect(latin(both, { seed: 7 })).toEqual(alone)
    expect(latin(both, { seed: '0x7' })).toEqual(alone)
    expect(latin(both, { seed: 8 })).not.toEqual(alone)
    expect(column({ latin: { count: 20, axes: both }, seed: 7 }, 'update.eta')).not.toEqual(alone)
  })

  /** A changed order makes every stored cell of these designs a stranger. */
  test('keep their orders', () => {
    expect(column({ latin: { count: 8, axes: T }, seed: 20261124 }, 'let.T')).toMatchInlineSnapshot(`
      [
        0.9375,
        0.1875,
        0.0625,
        0.6875,
        0.4375,
        0.3125,
        0.5625,
        0.8125,
      ]
    `)
  })
})

describe('designs as axes', () => {
  test('are one axis: both paths go along, from one end to the other, by the scale', () => {
    expect(params({ sobol: { count: 4, axes: both } })).toEqual([
      { 'let.T': 1, 'update.eta': 0.001 },
      { 'let.T': 2, 'update.eta': 0.0316227766017 },
      { 'let.T': 2.5, 'update.eta': 0.0056234132519 },
      { 'let.T': 1.5, 'update.eta': 0.177827941004 },
    ])
  })

  test('more points keep those that there were, so that their cells are not computed again', () => {
    const ids = (count: number) => [...plan({ sobol: { count, axes: both } }).cells()].map(({ id }) => id)
    expect(ids(64).slice(0, 16)).toEqual(ids(16))
  })

  test('the order of keys, and where the design stands, change nothing', () => {
    const sobol = { count: 8, axes: both }
    const turned = { axes: { 'let.T': both['let.T'], 'update.eta': both['update.eta'] }, count: 8 }
    expect(params({ sweep: { sobol: turned } })).toEqual(params({ sobol }))
  })

  test('combine with other axes and with one another as a product, and `where` keeps some', () => {
    const change = { sobol: { count: 8, axes: T }, sweep: { 'update.eta': [0.1, 0.2], 'let.a': [1, 2, 3] } }
    expect(plan(change).cellCount).toBe(48)
    expect(plan({ ...change, where: 'T < 0.5 && a == 2' }).cellCount).toBe(8)
    const two = { sobol: { count: 8, axes: T }, latin: { count: 5, axes: { 'update.eta': { from: 0.1, to: 0.2 } } } }
    expect(plan(two).cellCount).toBe(40)
    expect(plan(two).designs).toEqual([
      { kind: 'sobol', points: 8, axes: ['let.T'] },
      { kind: 'latin', points: 5, axes: ['update.eta'] },
    ])
    expect(plan({}).designs).toEqual([])
  })

  test('count and ends may be expressions over what is not swept', () => {
    const axes = { 'update.eta': { from: '= T', to: '= 2*T' } }
    expect(column({ latin: { count: '= 2 + 2', axes } }, 'update.eta')).toEqual(
      expect.arrayContaining([0.1125, 0.1375, 0.1625, 0.1875]),
    )
  })

  test('one point: the first corner, or the middle', () => {
    expect(column({ sobol: { count: 1, axes: { 'let.T': { from: 3, to: 1 } } } }, 'let.T')).toEqual([3])
    expect(column({ latin: { count: 1, axes: { 'let.T': { from: 3, to: 1 } } } }, 'let.T')).toEqual([2])
  })

  test('every value of an axis has its part, for random boxes, counts and seeds', () => {
    const end = fc.integer({ min: 0, max: 1000 })
    fc.assert(
      fc.property(
        end,
        end,
        fc.integer({ min: 2, max: 64 }),
        fc.integer({ min: 0, max: 99 }),
        (from, to, count, seed) => {
          fc.pre(from !== to)
          const values = column({ latin: { count, axes: { 'let.T': { from, to } } }, seed }, 'let.T')
          const parts = values.map((value) => Math.floor((count * (value - from)) / (to - from)))
          expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
        },
      ),
      { seed: 2, numRuns: 30 },
    )
  })

  if (full)
    test('a million points are planned without being made, and those asked for are there', () => {
      for (const form of ['sobol', 'latin']) {
        const sweep = plan({ [form]: { count: 1_000_000, axes: both } })
        expect(sweep.cellCount).toBe(1_000_000)
        const values = [0, 1, 999_999].map((index) => sweep.cell(index).params['let.T'] as number)
        expect(values.every((value) => value >= 1 && value <= 3)).toBe(true)
        expect(new Set(values).size).toBe(3)
      }
    })

  test('more axes than there are dimensions, and more values than a design may have, are refused', () => {
    const axes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`start.${i}`, { from: 0, to: 1 }]))
    const wide = { landscape: { preset: 'quadratic', dimension: 101 }, start: Array(101).fill(0), let: { T: 1 } }
    const trial = { steps: 10 }
    expect(() => plan({ ...wide, trial, sobol: { count: 2, axes: axes(101) } })).toThrow('101 axes')
    expect(plan({ ...wide, trial, latin: { count: 2, axes: axes(101) } }).cellCount).toBe(2)
    expect(() => plan({ latin: { count: 1_000_000, axes: axes(11) } })).toThrow('10000000 values per design')
  })
})
