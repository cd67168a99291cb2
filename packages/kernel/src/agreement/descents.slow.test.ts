import type { Cell, Descent, Start, Trial } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { addDigests, addTallies, decodeOutcome, kernelOf, prepare, runReference } from '../index.ts'
import { banana, cellOf, constant, doubleWell, drift, exits, quadratic } from './cells.fixture.ts'

const descent: Descent = { gradient: 1e-3, eta: 0.1, steps: 200 }
const short: Descent = { gradient: 1e-9, eta: 0.05, steps: 7 }

/** Every kind of start, for `d` coordinates. */
function startsOf(d: number): Readonly<Record<string, Start>> {
  const each = (value: (i: number) => number) => Array.from({ length: d }, (_, i) => value(i))
  const uniform: Start = { kind: 'uniform', low: -1.5, high: each((i) => 1 + i / 10) }
  return {
    point: { kind: 'point', point: each((i) => (i % 2 === 0 ? -0.9 : 0.4)) },
    uniform,
    gaussian: { kind: 'gaussian', mean: each((i) => -1 + i / 5), sigma: 0.7 },
    'descend from a point': { kind: 'descend', from: { kind: 'point', point: each(() => -0.3) }, descent },
    'descend twice from uniform': {
      kind: 'descend',
      from: { kind: 'descend', from: uniform, descent: short },
      descent: { ...short, steps: 3 },
    },
  }
}

const basin: Trial['escape'] = { kind: 'basin', every: 3, descent: { ...descent, gradient: 1e-4 } }

/** Events that meet each other in every way; `low` and `high` are conditions on theta. */
function eventsOf(low: string, high: string, marks: Trial['marks']): Readonly<Record<string, Partial<Trial>>> {
  return {
    'first exit': { escape: exits(['up', high], ['down', low]), marks },
    'basin, then stop': { escape: basin, marks },
    'basin in every step, then on, converge': {
      escape: { kind: 'basin', every: 1, descent },
      afterEscape: 'continue',
      converge: { kind: 'gradient', tolerance: 0.2, hold: 2 },
    },
    'quench of all ends': {
      escape: exits(['', high]),
      converge: { kind: 'when', when: 'loss < 0.05', hold: 3 },
      divergence: 3,
      quench: descent,
      classify: [
        ['deep', 'quenchloss < 1e-4'],
        ['far', 'distance > 1 && step > 2'],
      ],
    },
    'quench with no time': { quench: short, classify: [['same', 'quenchloss >= loss']] },
    'basin, quench and convergence in a centre': {
      escape: basin,
      afterConverge: 'continue',
      converge: { kind: 'gradient', tolerance: 0.3, hold: 1 },
      quench: descent,
    },
  }
}

const drawn = { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 3)] }
const shapes: Readonly<Record<string, Omit<Parameters<typeof cellOf>[0], 'start'>>> = {
  'one coordinate': { landscape: doubleWell, update: drawn },
  'two coordinates, momentum': { landscape: banana, update: { ...drawn, rule: { kind: 'momentum', beta: 0.8 } } },
  'twelve coordinates, in loops': { landscape: quadratic(12), update: drawn },
}
const conditions: Readonly<Record<string, readonly [low: string, high: string]>> = {
  'one coordinate': ['x < -2', 'x > 0.8'],
  'two coordinates, momentum': ['y < -2', 'x + y > 2'],
  'twelve coordinates, in loops': ['x[1] < -2', 'x[1] + x[12] > 2'],
}
const schedule = { kind: 'power', initial: 0.1, offset: 9, exponent: 0.6 } as const

function cells(shape: string): [name: string, cell: Cell][] {
  const sketch = shapes[shape]!
  const d = sketch.landscape.dimension
  const minima = [-1, 1].map((x): readonly [string, readonly number[]] => [`at ${x}`, new Array<number>(d).fill(x)])
  return Object.entries(startsOf(d)).flatMap(([start, value], s) =>
    Object.entries(eventsOf(...conditions[shape]!, [['near', 'distance < 0.3']])).flatMap(([events, trial], e) => {
      const warmup = (s + e) % 2 === 0 ? 0 : 4
      const update = e % 2 === 0 ? sketch.update! : { ...sketch.update, eta: schedule }
      const cell = cellOf({
        ...sketch,
        start: value,
        update,
        trial: { steps: 25, minima, settledRadius: 0.2, warmup, ...trial },
      })
      return [[`${start}, ${events}${warmup > 0 ? ', warmup' : ''}`, cell] as [string, Cell]]
    }),
  )
}

const first = 2 ** 32 - 6
const count = 21

describe.each(Object.keys(shapes))('every start with every event, bit for bit: %s', (shape) => {
  it.each(cells(shape))('%s', async (_, cell) => {
    const { layout } = prepare(cell)
    const kernel = await kernelOf(cell)
    const expected = runReference(cell, first, count, { horizons: [5], theta: true })
    const found = kernel.run(first, count, { keep: true, horizons: [5], theta: true })
    for (let i = 0; i < count; i++) {
      expect(decodeOutcome(found.records!, layout, i)).toEqual(decodeOutcome(expected.records, layout, i))
    }
    expect(found).toEqual(expected)

    // Other neighbours in the lanes: the same outcomes.
    const parts = [1, 5, 2, 13].map((size, index, sizes) => {
      const begin = first + sizes.slice(0, index).reduce((sum, other) => sum + other, 0)
      return kernel.run(begin, size, { keep: false, horizons: [5], theta: true })
    })
    expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(expected.digest)
    expect(parts.map(({ tally }) => tally).reduce(addTallies)).toEqual(expected.tally)
    expect(parts.flatMap(({ theta }) => [...theta!])).toEqual([...expected.theta!])
  })
})
