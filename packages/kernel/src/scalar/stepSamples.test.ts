import { dataTable, type NetworkLandscape } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { network, randomStart } from '../agreement/networks.fixture.ts'
import { type StreamKey, trialStream } from '../streams/streams.ts'
import { networkLoss } from './network.ts'
import { stepSampler, stepStreams } from './stepSamples.ts'

const key: StreamKey = [1, 2, 3]

function drawn(
  layers: readonly number[],
  targets: readonly number[],
  options: Partial<NetworkLandscape>,
  steps: number,
) {
  const data = dataTable(1, 1 + targets.length, [0.5, ...targets])
  const sampler = stepSampler({ landscape: network(layers, data, options) }, data)!
  const streams = stepStreams((purpose) => trialStream(key, 0, purpose))
  sampler.begin()
  return Array.from({ length: steps }, () => sampler.draw(streams)[0]!)
}

/** Standard deviations from the mean of a binomial count. A correct count exceeds 4.5 with probability 7e-6. */
function deviation(count: number, n: number, p: number): number {
  return Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p))
}

const n = 30_000

describe('frequencies', () => {
  it('flips a class with probability p, to each other class alike', () => {
    const p = 0.3
    const labels = drawn([1, 4], [0, 0, 1, 0], { labelNoise: { flip: p } }, n).map(
      ({ values }) => values.indexOf(1, 1) - 1,
    )
    for (const label of [0, 1, 3])
      expect(deviation(labels.filter((each) => each === label).length, n, p / 3)).toBeLessThan(4.5)
    expect(deviation(labels.filter((each) => each === 2).length, n, 1 - p)).toBeLessThan(4.5)
    // Negative control: a flip that may keep the class.
    expect(deviation(labels.filter((each) => each === 2).length, n, 1 - (p * 3) / 4)).toBeGreaterThan(4.5)
  })

  it.each([
    [0, 1],
    [1, 0],
  ])('with probability 1, the single target %i is always %i', (target, other) => {
    const all = drawn([1, 1], [target], { labelNoise: { flip: 1 } }, 20)
    expect(all.map(({ values }) => values[1])).toEqual(new Array(20).fill(other))
  })

  it('keeps each unit with probability 1 - p, independently of the others', () => {
    const p = 0.4
    const factors = drawn([1, 3, 1, 1], [0], { dropout: [p, 0] }, n).map(({ factors }) => factors)
    expect(factors.every(([, second]) => second === null)).toBe(true)
    const kept = factors.map(([first]) => first!.map((factor) => factor > 0))
    expect(new Set(factors.flatMap(([first]) => first!))).toEqual(new Set([0, 1 / (1 - p)]))
    for (const unit of [0, 1, 2]) {
      expect(deviation(kept.filter((each) => each[unit]).length, n, 1 - p)).toBeLessThan(4.5)
      const other = (unit + 1) % 3
      expect(deviation(kept.filter((each) => each[unit] && each[other]).length, n, (1 - p) ** 2)).toBeLessThan(4.5)
    }
  })
})

it('the mean gradient over all masks of a linear network is that of its mean loss', () => {
  // The variance of an output over masks is p/(1 - p) times the sum of the squares of its terms.
  const p = 0.3
  const data = dataTable(1, 4, [0.7, -0.4, 0.9, -0.2])
  const landscape = network([2, 3, 2], data, { activation: 'identity', dropout: [p] })
  const theta = Float64Array.from(randomStart(landscape.dimension, 1, 5))
  const loss = networkLoss(landscape, data)
  const meanLoss = (at: Float64Array) => {
    const hidden = [0, 1, 2].map((j) => at[2 * j]! * 0.7 - at[2 * j + 1]! * 0.4 + at[6 + j]!)
    const squares = [0, 1].flatMap((i) => hidden.map((h, j) => (at[9 + 3 * i + j]! * h) ** 2))
    return loss.loss(at) + ((p / (1 - p)) * squares.reduce((sum, x) => sum + x)) / 2
  }
  const mean = new Float64Array(theta.length)
  for (let mask = 0; mask < 8; mask++) {
    const factors = [0, 1, 2].map((j) => ((mask >> j) & 1 ? 1 / (1 - p) : 0))
    const kept = factors.filter((factor) => factor > 0).length
    const into = new Float64Array(theta.length)
    loss.gradient(theta, into, [{ values: Float64Array.of(0.7, -0.4, 0.9, -0.2), factors: [factors] }])
    for (const [i, g] of into.entries()) mean[i] = mean[i]! + (1 - p) ** kept * p ** (3 - kept) * g
  }
  for (const i of theta.keys()) {
    const [above, below] = [theta.slice(), theta.slice()]
    above[i] = above[i]! + 1e-4
    below[i] = below[i]! - 1e-4
    // The mean loss is a polynomial of degree 2 in each coordinate, so the difference is exact up to rounding.
    expect(mean[i]!).toBeCloseTo((meanLoss(above) - meanLoss(below)) / 2e-4, 9)
  }
})
