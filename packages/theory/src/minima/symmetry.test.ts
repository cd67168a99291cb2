import type { Landscape } from '@driftfarm/spec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { symmetryOf } from './symmetry.ts'

const network = (layers: readonly number[], activation: 'tanh' | 'relu', biases = true): Landscape => ({
  kind: 'network',
  dimension: layers.slice(1).reduce((sum, outputs, k) => sum + outputs * (layers[k]! + (biases ? 1 : 0)), 0),
  variables: null,
  parameters: [],
  layers,
  activation,
  output: 'identity',
  loss: 'mse',
  biases,
  decay: 0,
  decayBias: true,
  data: { hash: '', rows: 1 },
  batch: null,
})

/** theta with the units of hidden layer `layer` (1-based) in another order and with other signs. */
function reordered(
  layers: readonly number[],
  theta: Float64Array,
  layer: number,
  [order, signs]: readonly [order: readonly number[], signs: readonly number[]],
) {
  const image = Float64Array.from(theta)
  let offset = 0
  for (let k = 1; k < layer; k++) offset += layers[k]! * (layers[k - 1]! + 1)
  const [inputs, units, outputs] = [layers[layer - 1]!, layers[layer]!, layers[layer + 1]!]
  const biases = offset + units * inputs
  const next = biases + units
  order.forEach((from, unit) => {
    for (let i = 0; i < inputs; i++)
      image[offset + unit * inputs + i] = signs[unit]! * theta[offset + from * inputs + i]!
    image[biases + unit] = signs[unit]! * theta[biases + from]!
    for (let o = 0; o < outputs; o++) image[next + o * units + unit] = signs[unit]! * theta[next + o * units + from]!
  })
  return image
}

const points = (length: number) =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length })
    .map((x) => Float64Array.from(x))
const orders = (length: number) =>
  fc.shuffledSubarray(
    Array.from({ length }, (_, i) => i),
    { minLength: length, maxLength: length },
  )
const signs = (length: number) => fc.array(fc.constantFrom(-1, 1), { minLength: length, maxLength: length })

describe('networks', () => {
  const layers = [2, 4, 3, 1]
  const { same } = symmetryOf(network(layers, 'tanh'))

  test('a network is its images, in every hidden layer at once', () => {
    fc.assert(
      fc.property(points(31), fc.tuple(orders(4), signs(4)), fc.tuple(orders(3), signs(3)), (theta, one, two) => {
        const image = reordered(layers, reordered(layers, theta, 1, one), 2, two)
        expect(same(theta, image, 1e-12)).toBe(true)
        const other = image.with(7, image[7]! + 1e-3)
        expect(same(theta, other, 1e-2)).toBe(true)
        expect(same(theta, other, 1e-12)).toBe(same(other, theta, 1e-12))
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('a weight that is another makes another network', () => {
    const theta = Float64Array.from({ length: 31 }, (_, i) => Math.sin(i + 1))
    for (let i = 0; i < 31; i++) expect(same(theta, theta.with(i, theta[i]! + 1e-4), 1e-5)).toBe(false)
  })

  test('ReLU units keep their signs', () => {
    const theta = Float64Array.from({ length: 31 }, (_, i) => Math.sin(i + 1))
    const relu = symmetryOf(network(layers, 'relu'))
    expect(
      relu.same(
        theta,
        reordered(layers, theta, 1, [
          [3, 0, 2, 1],
          [1, 1, 1, 1],
        ]),
        1e-12,
      ),
    ).toBe(true)
    expect(
      relu.same(
        theta,
        reordered(layers, theta, 1, [
          [0, 1, 2, 3],
          [1, -1, 1, 1],
        ]),
        1e-12,
      ),
    ).toBe(false)
  })

  test('equal incoming weights are told apart by the outgoing ones', () => {
    // Four units that see the same; only what they send differs.
    const theta = Float64Array.of(1, 2, 1, 2, 1, 2, 1, 2, 0, 0, 0, 0, 5, 6, 7, 8, 0)
    const image = Float64Array.of(1, 2, 1, 2, 1, 2, 1, 2, 0, 0, 0, 0, 8, 5, 7, 6, 0)
    const { same: small } = symmetryOf(network([2, 4, 1], 'tanh'))
    expect(small(theta, image, 1e-12)).toBe(true)
    expect(small(theta, image.with(12, 9), 1e-12)).toBe(false)
  })
})

describe('population', () => {
  const [neurons, teachers, inputs] = [5, 4, 6]
  const { same } = symmetryOf({
    kind: 'population',
    dimension: 30,
    variables: null,
    parameters: [],
    activation: 'relu',
    neurons,
    teachers,
    inputs,
  })

  test('order of neurons and of teachers; other coordinates stay', () => {
    fc.assert(
      fc.property(points(30), orders(5), orders(4), (theta, rows, columns) => {
        const from = (column: number) => columns[column] ?? column
        const image = Float64Array.from(
          { length: 30 },
          (_, at) => theta[rows[Math.floor(at / inputs)]! * inputs + from(at % inputs)]!,
        )
        expect(same(theta, image, 1e-12)).toBe(true)
      }),
      { seed: 4, numRuns: 100 },
    )
    const theta = Float64Array.from({ length: 30 }, (_, i) => Math.sin(i + 1))
    const swapped = theta.map((_, at) => theta[at % 6 === 4 ? at + 1 : at % 6 === 5 ? at - 1 : at]!)
    expect(same(theta, swapped, 1e-12)).toBe(false)
    for (let i = 0; i < 30; i++) expect(same(theta, theta.with(i, theta[i]! + 1e-4), 1e-5)).toBe(false)
  })

  test('the highly symmetric minimum of Safran and Shamir, 20 neurons, is found in any order', () => {
    const k = 20
    const entry = (i: number, j: number) =>
      i === 0 ? (j === 0 ? -0.78 : 0.06) : j === 0 ? 0.1 : i === j ? 1.005 : -0.003
    const theta = Float64Array.from({ length: k * k }, (_, at) => entry(Math.floor(at / k), at % k))
    const image = Float64Array.from({ length: k * k }, (_, at) =>
      entry((7 * Math.floor(at / k) + 3) % k, (3 * (at % k) + 11) % k),
    )
    const big = symmetryOf({
      kind: 'population',
      dimension: k * k,
      variables: null,
      parameters: [],
      activation: 'relu',
      neurons: k,
      teachers: k,
      inputs: k,
    })
    expect(big.same(theta, image, 1e-9)).toBe(true)
    expect(big.same(theta, image.with(33, image[33]! + 1e-4), 1e-6)).toBe(false)
  })
})

test('points of a formula are themselves', () => {
  const { same } = symmetryOf({
    kind: 'formula',
    dimension: 2,
    variables: ['x', 'y'],
    parameters: [],
    expression: 'x*y',
    data: null,
    batch: null,
  })
  expect(same(Float64Array.of(1, 2), Float64Array.of(1, 2.0000001), 1e-6)).toBe(true)
  expect(same(Float64Array.of(1, 2), Float64Array.of(2, 1), 1e-6)).toBe(false)
})
