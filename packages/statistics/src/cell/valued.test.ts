import { exactUnits, type RecordLayout, type Tally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import { demand } from '../fixtures/samples.ts'
import { replicaLayout, tallyOfValues, weightLayout } from '../fixtures/values.ts'
import { estimatesOf } from './estimates.ts'

const fixed = { kind: 'fixed' } as const
const running = { kind: 'running' } as const

const estimate = (tally: Tally, choice: typeof fixed | typeof running = fixed, layout = replicaLayout) =>
  estimatesOf(tally, layout, demand, choice).escape!
/**
 * Ten numbers. Their limits by SciPy 1.17, x being these, m = x.mean() and c = t.ppf(0.975, 9) * sem(x) / m:
 * m * (1 - c), which is the lower limit of t.interval(0.95, 9, m, sem(x)), and m / (1 - c).
 */
const sample = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((x) => x / 1000)

describe('the mean of replicas', () => {
  it("has Student's lower limit, and as an upper one the mean whose own half-width reaches down to the value", () => {
    const { value, low, high, method, replicas, events } = estimate(tallyOfValues(sample))
    expect([value, method, events]).toEqual([0.0055, 'replicas', 10])
    expect(low).toBeCloseTo(0.003334149410331831, 15)
    expect(high).toBeCloseTo(0.009072778774178978, 15)
    expect(replicas!.relativeVariance).toBeCloseTo(0.30303030303, 10)
    expect(replicas!.largestShare).toBeCloseTo(10 / 55, 2)
    expect(replicas).toMatchObject({ count: 10, extinct: 0, levels: 10, ladder: [] })
  })

  it('counts those that died out as 0', () => {
    const { value, replicas, events } = estimate(tallyOfValues([...sample, 0, 0]))
    expect(value).toBeCloseTo(0.055 / 12, 15)
    expect([events, replicas!.extinct, replicas!.count]).toEqual([10, 2, 12])
  })

  it('has no upper limit but 1 where the half-width is the whole value', () => {
    expect(estimate(tallyOfValues([1e-9, 1e-9, 9e-9]))).toMatchObject({ low: 0, high: 1, method: 'replicas' })
  })

  it('has a wider one where any look must be right', () => {
    const { low, high, method, value } = estimate(tallyOfValues(sample), running)
    expect(method).toBe('asymptotic-sequence')
    const student = estimate(tallyOfValues(sample))
    expect(high - value).toBeGreaterThan(student.high - value)
    expect(low).toBeLessThan(student.low)
  })

  it('has an upper limit alone where all died out: 1 - alpha^(1/R)', () => {
    expect(estimate(tallyOfValues(new Array(64).fill(0)))).toMatchObject({
      value: 0,
      low: 0,
      high: expect.closeTo(1 - 0.05 ** (1 / 64), 14),
      method: 'extinct',
      replicas: { extinct: 64, relativeVariance: 0, largestShare: 0 },
    })
    // The chance that all of 64 replicas of this probability have no value, at most.
    expect((1 - estimate(tallyOfValues(new Array(64).fill(0))).high) ** 64).toBeCloseTo(0.05, 12)
  })

  it('has no interval of length 0 where all are alike', () => {
    const alike = 0.05 ** (1 / 63)
    const certain = estimate(tallyOfValues(new Array(64).fill(1)))
    expect(certain).toMatchObject({ value: 1, low: expect.closeTo(alike, 14), high: 1, method: 'alike' })
    const quarter = estimate(tallyOfValues(new Array(64).fill(0.25)))
    expect(quarter).toMatchObject({ value: 0.25, low: expect.closeTo(alike / 4, 14), method: 'alike' })
    expect(quarter.high).toBeCloseTo(alike / 4 + 1 - alike, 14)
  })

  it('of one replica may be anything', () => {
    expect(estimate(tallyOfValues([0.25]))).toMatchObject({ value: 0.25, low: 0, high: 1, method: 'alike' })
  })

  it('is shared out by named exits', () => {
    const layout: RecordLayout = { ...replicaLayout, exits: ['upper', 'lower'], marks: ['upper', 'lower'], bytes: 64 }
    const tally = tallyOfValues([0.5, 0.25], layout)
    const sums = (values: readonly number[]) => ({
      sum: values.reduce((sum, x) => sum + exactUnits(x), 0n),
      squares: values.reduce((sum, x) => sum + exactUnits(x) ** 2n, 0n),
    })
    const values = { ...tally.values!, exits: [sums([0.5, 0.125]), sums([0, 0.125])] }
    const estimates = estimatesOf({ ...tally, marks: [2, 1], values }, layout, demand, fixed)
    expect(Object.entries(estimates).map(([name, { value, events }]) => [name, value, events])).toEqual([
      ['escape', 0.375, 2],
      ['exit:upper', 0.3125, 2],
      ['exit:lower', 0.0625, 1],
    ])
    const requested = estimatesOf({ ...tally, values }, layout, { ...demand, estimates: ['exit:lower', 'stay'] }, fixed)
    expect(Object.keys(requested)).toEqual(['exit:lower'])
  })

  it('says how high the score was, decade by decade, below 0 too', () => {
    const tally = tallyOfValues(sample)
    const decades = [
      [1, 10, 10n * exactUnits(-0.5)],
      [2, 4, exactUnits(1) + exactUnits(2)],
    ] as const
    expect(estimate({ ...tally, values: { ...tally.values!, decades } }).replicas!.ladder).toEqual([
      [0.1, 10, -0.5],
      [0.01, 4, 0.75],
    ])
  })
})

describe('the mean of weights', () => {
  it('says how many events they are worth', () => {
    const values = [...new Array(996).fill(0), 0.1, 0.1, 0.2, 0.4]
    const { value, method, weights, replicas } = estimate(tallyOfValues(values, weightLayout), fixed, weightLayout)
    expect([value, method, replicas]).toEqual([expect.closeTo(0.0008, 15), 'weights', undefined])
    expect(weights!.effectiveEvents).toBeCloseTo(0.8 ** 2 / 0.22, 10)
    expect(weights!.largestShare).toBeCloseTo(0.5, 2)
  })

  it('is cut at 1, where no probability is beyond, with limits in order', () => {
    const { value, low, high } = estimate(tallyOfValues([1.5, 1.4, 1.6], weightLayout), fixed, weightLayout)
    expect([value, low <= value, high]).toEqual([1, true, 1])
  })

  it('knows nothing without any, where no trial keeps the original noise', () => {
    const tally = tallyOfValues([0, 0, 0], weightLayout)
    expect(estimate(tally, fixed, weightLayout)).toMatchObject({ value: 0, low: 0, high: 1, method: 'no-weight' })
  })

  it('has an upper limit without any by the share that keeps the original noise', () => {
    const tally = tallyOfValues(new Array(1000).fill(0), weightLayout)
    const { escape } = estimatesOf(tally, weightLayout, demand, { ...fixed, original: 0.1 })
    expect(escape).toMatchObject({ value: 0, low: 0, method: 'original-noise' })
    // Were this the probability, and did no tilted trial ever escape, 1,000 without an escape had the chance 1/20.
    expect((1 - 0.1 * escape!.high) ** 1000).toBeCloseTo(0.05, 12)
    const few = tallyOfValues([0, 0], weightLayout)
    expect(estimatesOf(few, weightLayout, demand, { ...fixed, original: 0.1 }).escape!.high).toBe(1)
  })
})
