import { readFileSync } from 'node:fs'
import { decodeOutcome, descendAll, endAligner, exitFunction, kernelOf } from '@driftfarm/kernel'
import { type Cell, parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

interface Case {
  readonly layers: readonly number[]
  readonly activation: string
  readonly biases: boolean
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly distance?: number
  readonly samples?: readonly (readonly number[])[]
  readonly barrier?: number
  readonly matched?: number
}

/** Written by symmetry.py. */
const fixture = JSON.parse(readFileSync(new URL('./symmetry.json', import.meta.url), 'utf8')) as Readonly<
  Record<'pairs' | 'barriers' | 'copies' | 'broken' | 'deep', readonly Case[]>
>

interface Options {
  readonly layers: readonly number[]
  readonly activation: string
  readonly biases?: boolean
  readonly decay?: number
  readonly modulo?: 'none' | 'symmetry'
  readonly start?: object | readonly number[]
  readonly sigma?: number
  readonly samples?: readonly (readonly number[])[]
  readonly marks?: Readonly<Record<string, string>>
}

function sweepOf({
  layers,
  activation,
  biases = true,
  decay = 0,
  modulo = 'symmetry',
  start,
  sigma = 0.2,
  samples,
  marks = {},
}: Options) {
  const names = Array.from({ length: layers[0]! + layers.at(-1)! }, (_, i) => `c${i}`)
  const wave = () => Array.from({ length: 8 }, (_, row) => names.map((_, i) => Math.sin(3 * row + 5 * i * row)))
  const lines = [names, ...(samples ?? wave())]
  const spec = {
    version: 1,
    name: 'symmetry',
    seed: 20261201,
    landscape: {
      network: {
        layers,
        activation,
        biases,
        output: 'identity',
        loss: 'mse',
        decay,
        data: { csv: 'samples.csv', inputs: names.slice(0, layers[0]), targets: names.slice(layers[0]) },
      },
    },
    start: start ?? { gaussian: { mean: 0, sigma: 1 } },
    update: { eta: 0.1, drift: { form: 'additive', sigma } },
    streams: 'common',
    trial: { steps: 60, marks, escape: { basin: { modulo }, every: 20, gradient: 1e-7, eta: 0.1, steps: 300_000 } },
    trials: 1,
  }
  const csv = new TextEncoder().encode(lines.map((line) => line.join(',')).join('\n'))
  return parseSweep(JSON.stringify(spec), { fileName: 'symmetry.json', readBytes: () => csv }).cell(0)
}

/** The distance after b was moved near to a. */
function distanceOf({ a, b, ...network }: Case): number {
  const { cell } = sweepOf(network)
  const [start, end] = endAligner(cell)(a, b)
  return Math.hypot(...start.map((x, i) => x - end[i]!))
}

const titled = (cases: readonly Case[]) =>
  cases.map((each, i) => [`${i}: ${each.layers.join('-')} ${each.activation}`, each] as const)

describe('the nearest of all orders and signs', () => {
  test.each(titled([...fixture.pairs, ...fixture.broken]))('%s', (_, each) => {
    expect(Math.abs(distanceOf(each) - each.distance!)).toBeLessThan(1e-12 * (1 + each.distance!))
  })
})

test('barriers are those of the program in NumPy', () => {
  for (const { a, b, barrier, matched, ...network } of fixture.barriers) {
    const near = (name: string, value: number) => `abs(${name} - ${value}) < 1e-9 * (1 + ${value})`
    const marks = { plain: near('linearbarrier', barrier!), matched: near('matchedbarrier', matched!) }
    const { cell, tables } = sweepOf({ ...network, marks })
    expect(exitFunction(withoutEscape(cell), tables, a).at(b).marks).toEqual([true, true])
  }
  const count = (holds: (each: Case) => boolean) => fixture.barriers.filter(holds).length
  expect(count(({ matched }) => matched! > 1e-3)).toBeGreaterThan(3)
  expect(count(({ barrier, matched }) => matched! < barrier!)).toBeGreaterThan(10)
})

const withoutEscape = (cell: Cell): Cell => ({ ...cell, trial: { ...cell.trial, escape: null } })

/** With several hidden layers, this is guaranteed only if units differ in their incoming weights. */
describe('copies are found', () => {
  test.each(titled([...fixture.copies, ...fixture.deep]))('%s', (_, each) => {
    expect(distanceOf(each)).toBeLessThan(1e-9)
  })
})

if (full)
  describe('basins', () => {
    const options = { layers: [2, 3, 1], activation: 'tanh', decay: 1e-3 } as const
    const exits = (cell: Cell, tables: Parameters<typeof exitFunction>[1], from: Float64Array, to: Float64Array) =>
      exitFunction(cell, tables, from).at(to).exit

    test('a copy is the same basin modulo symmetry, and another basin without; another minimum neither', async () => {
      const { cell, tables } = sweepOf(options)
      const plain = sweepOf({ ...options, modulo: 'none' }).cell
      expect(cell.kernel).toBe(4)
      expect(plain.trial.escape).not.toHaveProperty('modulo')
      const { escape } = cell.trial
      if (escape?.kind !== 'basin') throw new Error('the escape is a basin')
      const ends = (await descendAll(cell, tables, escape.descent))(0, 30)
      const { dimension } = cell.landscape
      const minima = Array.from({ length: 30 }, (_, i) => ends.theta.slice(i * dimension, (i + 1) * dimension))
      const home = minima[0]!
      // Unit 0 changes its sign and its place with unit 2.
      const copy = Float64Array.from(home)
      const place = (unit: number) => [2 * unit, 2 * unit + 1, 6 + unit, 9 + unit]
      for (const [k, at] of place(0).entries()) {
        copy[at] = home[place(2)[k]!]!
        copy[place(2)[k]!] = -home[at]!
      }
      expect(exits(cell, tables, home, home)).toBe(null)
      expect(exits(cell, tables, home, copy)).toBe(null)
      expect(exits(plain, tables, home, copy)).toBe('')
      const seen = minima.map((end) => [exits(plain, tables, home, end), exits(cell, tables, home, end)])
      // Copies without symmetry, and different minima with it.
      expect(seen.filter(([without, modulo]) => without === '' && modulo === null).length).toBeGreaterThan(0)
      expect(seen.filter(([, modulo]) => modulo === '').length).toBeGreaterThan(0)
      expect(seen.filter(([without, modulo]) => without === null && modulo === '')).toEqual([])
    })

    if (full)
      test('if units cannot change places or signs, each trial is as without symmetry', async () => {
        const single = { layers: [2, 1, 1], activation: 'sigmoid', decay: 1e-3, sigma: 3 } as const
        const run = async (modulo: 'none' | 'symmetry') => {
          const { cell, tables } = sweepOf({ ...single, modulo })
          const kernel = await kernelOf(cell, tables)
          const { records } = kernel.run(0, 40, { keep: true, horizons: [] })
          return Array.from({ length: 40 }, (_, i) => decodeOutcome(records!, kernel.layout, i).escapedAt)
        }
        const plain = await run('none')
        expect(await run('symmetry')).toEqual(plain)
        expect(plain.some((step) => step !== null)).toBe(true)
        expect(plain.some((step) => step === null)).toBe(true)
      })
  })
