import type { Cell, NamedCondition, Trial } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, runReference, traceReference } from '../index.ts'
import { makeTemplate } from '../run/prepare.ts'
import { cellOf, constant, doubleWell, drift, exits } from './cells.fixture.ts'
import { batches, network, randomSamples, randomStart } from './networks.fixture.ts'

const steps = 90
const noisy = {
  landscape: doubleWell,
  start: [-1],
  update: { drift: [drift('gaussian', 'sigma', 3)] },
  // Cells with different events then have the same paths.
  streams: 'common',
} as const
const cellWith = (trial: Partial<Trial>): Cell => cellOf({ ...noisy, trial: { steps, ...trial } })

async function outcomesOf(cell: Cell, count: number) {
  const { records, digest } = (await kernelOf(cell)).run(0, count, { keep: true, horizons: [] })
  expect(digest).toBe(runReference(cell, 0, count, { horizons: [] }).digest)
  const { layout } = await kernelOf(cell)
  return Array.from({ length: count }, (_, i) => decodeOutcome(records!, layout, i))
}

/** The x of each step of a trial, from theta_0 on. */
function pathOf(cell: Cell, trial: number): number[] {
  const path: number[] = []
  traceReference(cell, trial, ({ theta }) => path.push(theta[0]!))
  return path
}

describe('every', () => {
  it('evaluates a condition at multiples only, and ends trials there', async () => {
    const whole = cellWith({})
    const marks: readonly NamedCondition[] = [
      ['seven', 'x > 0', 7],
      ['each', 'x > 0'],
      ['last', 'x > 0', steps],
    ]
    const cell = cellWith({ marks, escape: exits(['', 'x > 1', 20]), classify: [['right', 'x > 0', 13]] })
    const found = await outcomesOf(cell, 60)
    const seen = { escaped: 0, right: 0 }
    found.forEach((outcome, trial) => {
      const path = pathOf(whole, trial)
      const escape = path.findIndex((x, n) => n > 0 && n % 20 === 0 && x > 1)
      const end = escape < 0 ? steps : escape
      const first = (every: number) => {
        const n = path.findIndex((x, at) => at > 0 && at % every === 0 && at <= end && x > 0)
        return n < 0 ? null : n
      }
      expect(outcome.escapedAt).toBe(escape < 0 ? null : escape)
      expect(outcome.steps).toBe(end)
      expect(outcome.marks).toEqual({ seven: first(7), each: first(1), last: first(steps) })
      const looked = Math.floor(end / 13) * 13
      expect(outcome.class).toBe(looked > 0 && path[looked]! > 0 ? 'right' : 'other')
      seen.escaped += escape < 0 ? 0 : 1
      seen.right += outcome.class === 'right' ? 1 : 0
    })
    expect(seen.escaped).toBeGreaterThan(5)
    expect(seen.escaped).toBeLessThan(55)
    expect(seen.right).toBeGreaterThan(5)
  })

  it('lets `hold` count evaluations', async () => {
    const converge = { kind: 'when', when: 'x > 0', hold: 3, every: 6 } as const
    const found = await outcomesOf(cellWith({ converge }), 40)
    found.forEach(({ convergedAt }, trial) => {
      const path = pathOf(cellWith({}), trial)
      const held = (n: number) => n >= 18 && n % 6 === 0 && [n - 12, n - 6, n].every((at) => path[at]! > 0)
      const n = path.findIndex((_, at) => held(at))
      expect(convergedAt).toBe(n < 0 ? null : n)
    })
    expect(new Set(found.map(({ convergedAt }) => convergedAt)).size).toBeGreaterThan(3)
  })

  it('measures distances since a mark from the step after it', async () => {
    const marks: readonly NamedCondition[] = [
      ['up', 'x > -0.8'],
      ['far', 'distance.since.up > 0.5'],
      ['later', '!(distance.since.far > 0.1)', 9],
    ]
    const cell = cellWith({ marks, classify: [['near', 'distance.since.far < 0.2']] })
    const found = await outcomesOf(cell, 60)
    found.forEach(({ marks: { up, far }, class: end }, trial) => {
      const path = pathOf(cellWith({}), trial)
      const first = path.findIndex((x, n) => n > 0 && x > -0.8)
      expect(up).toBe(first < 0 ? null : first)
      const after = path.findIndex((x, n) => first > 0 && n > first && Math.abs(x - path[first]!) > 0.5)
      expect(far).toBe(after < 0 ? null : after)
      expect(end).toBe(after > 0 && Math.abs(path.at(-1)! - path[after]!) < 0.2 ? 'near' : 'other')
    })
    expect(new Set(found.map(({ class: end }) => end)).size).toBe(2)
  })

  it('of the horizon is evaluated once, in each trial', async () => {
    const found = await outcomesOf(cellWith({ marks: [['end', 'x < 1e9', steps]] }), 9)
    for (const { marks } of found) expect(marks).toEqual({ end: steps })
  })

  it.each([0, 1, 2])('agrees with the reference on a network: batch %i', async (way) => {
    const data = randomSamples(30, 3, 1)
    const landscape = network([3, 4, 1], data, { batch: batches(8)[way]! })
    const cell = cellOf({
      landscape,
      start: randomStart(landscape.dimension, 1, 3),
      update: { eta: constant(0.3), drift: [drift('gaussian', 'sigma', 0.3)] },
      trial: {
        steps: 40,
        marks: [
          ['low', 'loss < 0.4', 5],
          ['flat', 'gradnorm < 0.5', 4],
        ],
        converge: { kind: 'when', when: 'loss < 0.3', hold: 2, every: 5 },
        afterConverge: 'continue',
      },
    })
    const kernel = await kernelOf(cell, [data])
    const found = kernel.run(0, 20, { keep: true, horizons: [] })
    expect(found.records).toEqual(runReference(cell, 0, 20, { horizons: [], tables: [data] }).records)
    expect(found.tally.marks.every((count) => count > 0)).toBe(true)
  })

  it('keeps the loss over all samples out of the loop over steps', () => {
    const data = randomSamples(30, 3, 1)
    const landscape = network([3, 4, 1], data, { batch: batches(8)[2]! })
    const advanceOf = (mark: NamedCondition) => {
      const start = randomStart(landscape.dimension, 1, 3)
      const { source } = makeTemplate(cellOf({ landscape, start, trial: { steps, marks: [mark] } }))
      const from = source.indexOf('export function advance')
      return source.slice(from, source.indexOf('\n}', from))
    }
    expect(advanceOf(['low', 'loss < 0.1'])).toContain('lossUntil')
    expect(advanceOf(['low', 'loss < 0.1', 20])).not.toContain('loss')
  })
})
