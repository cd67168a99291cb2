import { describe, expect, it } from 'vitest'
import { addTallies, compiledModule, type ExactSum, kernelOf, type ObservedTally, runReference } from '../index.ts'
import { observedBin, observedBinLimits } from '../outcome/observed.ts'
import { cellOf, constant, drift, exits, formula, indexed } from './cells.fixture.ts'
import { network, randomSamples } from './networks.fixture.ts'

const value = ([digits, exponent]: ExactSum) => Number(digits) * 2 ** exponent
const mean = ({ sum, finite }: ObservedTally) => value(sum) / finite

const cell = cellOf({
  landscape: indexed(1, '(x[1]^2 - 1)^2/4'),
  start: [-1],
  update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 4)] },
  trial: { steps: 60, escape: exits(['', 'x[1] > 0']), afterEscape: 'continue', marks: [['high', 'loss > 1']] },
})
const keys = ['x@start', 'step@escape', 'x@escape', 'step@mark:high', 'x@horizon', 'x@every:20', 'd + x@horizon']

describe('observed values', () => {
  it('are those of the trials, which stay the same bit for bit', async () => {
    const plain = (await kernelOf(cell)).run(0, 200, { keep: true, horizons: [], theta: true })
    const kernel = await kernelOf(cell, [], compiledModule, keys)
    const { records, digest, tally, values, theta } = kernel.run(0, 200, {
      keep: true,
      horizons: [],
      values: true,
      theta: true,
    })
    expect(records).toEqual(plain.records)
    expect(digest).toBe(plain.digest)
    expect(theta).toEqual(plain.theta)
    const { observed, ...rest } = tally
    expect(rest).toEqual(plain.tally)
    const at = (key: string, point = 0) => observed![key]![point]!
    expect(at('x@start')).toMatchObject({
      finite: 200,
      notFinite: 0,
      min: -1,
      max: -1,
      histogram: [[observedBin(-1), 200]],
    })
    expect(at('step@escape').finite).toBe(tally.escaped)
    const first = tally.escapeHistogram.reduce((sum, [bin, count]) => sum + bin * count, 0)
    expect(value(at('step@escape').sum)).toBe(first)
    expect(at('x@escape').min).toBeGreaterThan(0)
    expect(value(at('step@mark:high').sum)).toBe(Number(tally.markSteps![0]!.reached))
    expect(at('x@horizon').finite).toBe(200)
    expect(mean(at('x@horizon'))).toBeCloseTo(theta!.reduce((sum, x) => sum + x, 0) / 200, 12)
    expect(mean(at('d + x@horizon'))).toBeCloseTo(mean(at('x@horizon')) + 1, 12)
    expect(observed!['x@every:20']).toHaveLength(4)
    expect(at('x@every:20', 0)).toEqual(at('x@start'))
    expect(at('x@every:20', 3)).toEqual(at('x@horizon'))
    // One value of each key without series, in the order of the keys.
    expect(values!.length).toBe(200 * 6)
  })

  it('are added in any order, and in parts', async () => {
    const kernel = await kernelOf(cell, [], compiledModule, keys)
    const run = (first: number, count: number) => kernel.run(first, count, { keep: false, horizons: [] }).tally
    const whole = run(0, 90)
    expect(addTallies(run(40, 50), run(0, 40)).observed).toEqual(whole.observed)
    expect(runReference(cell, 0, 90, { horizons: [], observe: keys }).tally).toEqual(whole)
  })

  it('of a key that only one part has are left out', async () => {
    const kernel = await kernelOf(cell, [], compiledModule, ['x@start'])
    const other = await kernelOf(cell, [], compiledModule, ['x@start', 'x@horizon'])
    const sum = addTallies(
      kernel.run(0, 5, { keep: false, horizons: [] }).tally,
      other.run(5, 5, { keep: false, horizons: [] }).tally,
    )
    expect(Object.keys(sum.observed!)).toEqual(['x@start'])
    expect(sum.observed!['x@start']![0]!.finite).toBe(10)
  })

  it('that are not finite are counted apart; trials that diverge early have no value at the horizon', async () => {
    const steep = cellOf({
      landscape: formula(['x'], '-x^4'),
      start: [1],
      update: { eta: constant(1), drift: [] },
      trial: { steps: 50 },
    })
    const observe = ['1/(x - 1)@start', 'x@horizon', 'x^4@every:1']
    const kernel = await kernelOf(steep, [], compiledModule, observe)
    const { tally } = kernel.run(0, 3, { keep: false, horizons: [] })
    expect(tally.observed!['1/(x - 1)@start']![0]).toMatchObject({ finite: 0, notFinite: 3 })
    expect(tally.observed!['x@horizon']![0]).toMatchObject({ finite: 0, notFinite: 0 })
    expect(tally).toEqual(runReference(steep, 0, 3, { horizons: [], observe }).tally)
  })

  it('of a network with mini-batches, warm-up and a quench', async () => {
    const data = randomSamples(12, 2, 1)
    const landscape = network([2, 3, 1], data, { batch: { size: 4, sampling: 'shuffle' } })
    const learning = cellOf({
      landscape,
      start: { kind: 'init', law: 'xavier' },
      trial: { steps: 30, warmup: 5, quench: { gradient: 1e-3, eta: 0.1, steps: 40 }, marks: [['low', 'loss < 0.3']] },
    })
    const observe = ['loss@start', 'distance@start', 'loss@mark:low', 'gradnorm@every:7', 'loss@horizon']
    const kernel = await kernelOf(learning, [data], compiledModule, observe)
    const expected = runReference(learning, 7, 25, { horizons: [], observe, tables: [data], values: true })
    const found = kernel.run(7, 25, { keep: true, horizons: [], values: true })
    expect(found.tally).toEqual(expected.tally)
    expect(found.values).toEqual(expected.values)
    expect(found.records).toEqual((await kernelOf(learning, [data])).run(7, 25, { keep: true, horizons: [] }).records)
    expect(found.tally.observed!['distance@start']![0]).toMatchObject({ finite: 25, min: 0, max: 0 })
  })
})

describe('bins of observed values', () => {
  it('have a middle within 1 % of each of their values', () => {
    for (const x of [1, 1.99999, -3.7, 1e-300, 1.7e308, 0.97, -1e-5]) {
      const [low, high] = observedBinLimits(observedBin(x))
      expect(low).toBeLessThanOrEqual(x)
      expect(high).toBeGreaterThanOrEqual(x)
      if (Number.isFinite(low + high)) expect(Math.abs((low + high) / 2 - x)).toBeLessThan(0.01 * Math.abs(x))
    }
    expect(observedBinLimits(observedBin(0))).toEqual([0, 0])
    expect(observedBin(-2)).toBe(-observedBin(2))
  })
})
