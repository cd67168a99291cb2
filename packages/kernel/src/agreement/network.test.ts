import { dataTable, type Landscape, type Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { modelOf } from '../model/model.ts'
import { compile } from '../run/compile.ts'
import { prepare } from '../run/prepare.ts'
import { lossFunctionOf } from '../scalar/loss.ts'
import type { LossFunction } from '../scalar/lossFunction.ts'
import { cellOf } from './cells.fixture.ts'
import {
  activationNames,
  endings,
  network,
  population,
  randomSamples,
  randomStart,
  sampledFormula,
  xor,
} from './networks.fixture.ts'

function lossOf(landscape: Landscape, tables: Tables): LossFunction {
  const start = new Array<number>(landscape.dimension).fill(0)
  return lossFunctionOf(modelOf(cellOf({ landscape, start })), tables)
}

function gradientAt(loss: LossFunction, theta: readonly number[]): Float64Array {
  const into = new Float64Array(theta.length)
  loss.gradient(Float64Array.from(theta), into)
  return into
}

/** Central differences, each with an error of about 1e-10. */
function differences(loss: LossFunction, theta: readonly number[]): number[] {
  const step = 1e-5
  return theta.map((_, i) => {
    const at = (shift: number) => loss.loss(Float64Array.from(theta, (x, j) => (i === j ? x + shift : x)))
    return (at(step) - at(-step)) / (2 * step)
  })
}

function expectGradient(loss: LossFunction, theta: readonly number[]): void {
  const expected = differences(loss, theta)
  const size = Math.hypot(...expected)
  const gradient = gradientAt(loss, theta)
  expect(Math.hypot(...expected.map((g, i) => gradient[i]! - g))).toBeLessThan(1e-7 * Math.max(size, 0.01))
}

describe('gradients are those of the loss', () => {
  const data = randomSamples(11, 3, 3)
  const cases = activationNames.flatMap((activation) =>
    endings.map(([output, loss]) => [activation, output, loss] as const),
  )
  it.each(cases)('%s, %s, %s', (activation, output, loss) => {
    for (const options of [
      { decay: 0.03, decayBias: false },
      { biases: false, decay: 0.02 },
    ]) {
      const landscape = network([3, 4, 5, 3], data, { activation, output, loss, ...options })
      expectGradient(lossOf(landscape, [data]), randomStart(landscape.dimension, 1, 7))
    }
  })

  it('population, more and fewer neurons than teachers, inputs that no teacher reads', () => {
    for (const [neurons, teachers, inputs] of [
      [3, 5, 5],
      [4, 2, 3],
    ] as const) {
      const landscape = population(neurons, teachers, inputs)
      expectGradient(lossOf(landscape, []), randomStart(landscape.dimension, 1, 8))
    }
  })

  it('formula over data', () => {
    const landscape = sampledFormula(
      9,
      'sum(i, 1, 9, (x[i] - u*i)^2)*t + sin(x[1]*v)',
      ['u', 'v', 't', 'a', 'b', 'c'],
      data,
    )
    expectGradient(lossOf(landscape, [data]), randomStart(9, 1, 9))
  })
})

it('cross-entropy stays exact where outputs saturate', () => {
  const data = dataTable(1, 2, [1, 1])
  const loss = lossOf(network([1, 1], data, { biases: false, output: 'sigmoid', loss: 'cross-entropy' }), [data])
  // log(1 + e^-40) and log(1 + e^800).
  expect(loss.loss(Float64Array.of(40))).toBeCloseTo(4.248354255291589e-18, 30)
  expect(loss.loss(Float64Array.of(-800))).toBe(800)
  const two = dataTable(1, 3, [1, 0, 1])
  const softmax = lossOf(network([1, 2], two, { biases: false, output: 'softmax', loss: 'cross-entropy' }), [two])
  expect(softmax.loss(Float64Array.of(900, -900))).toBe(1800)
})

it('a network is the formula that says the same', () => {
  const data = randomSamples(9, 1, 1)
  const theta = [0.7, -1.3, 0.4, 1.1]
  const net = lossOf(network([1, 2, 1], data, { biases: false, decay: 0.01 }), [data])
  const text = '(x[3]*tanh(x[1]*u) + x[4]*tanh(x[2]*u) - t)^2 + 0.01*sum(i, 1, 4, x[i]^2)'
  const formula = lossOf(sampledFormula(4, text, ['u', 't'], data), [data])
  expect(net.loss(Float64Array.from(theta))).toBeCloseTo(formula.loss(Float64Array.from(theta)), 14)
  const expected = gradientAt(formula, theta)
  for (const [i, g] of gradientAt(net, theta).entries()) expect(g).toBeCloseTo(expected[i]!, 14)
})

it('the one-weight network has its bad minimum, saddle and good minimum where mpmath finds them', () => {
  const data = dataTable(3, 2, [3, -0.9, 0.5, 0.9, 0.4, 0.8])
  const loss = lossOf(sampledFormula(['w'], '(tanh(w*u) - t)^2/2 + 0.005*w^2', ['u', 't'], data), [data])
  for (const [w, value] of [
    [1.995848752877454, 0.627932114828317],
    [0.6426672497221395, 0.68578937881282],
    [-0.1900668909158433, 0.317601683581284],
  ] as const) {
    expect(loss.loss(Float64Array.of(w))).toBeCloseTo(value, 13)
    expect(Math.abs(gradientAt(loss, [w])[0]!)).toBeLessThan(1e-15)
  }
  const slope = (w: number) => gradientAt(loss, [w])[0]!
  expect((slope(1.995848752877454 + 1e-4) - slope(1.995848752877454 - 1e-4)) / 2e-4).toBeCloseTo(0.0541, 4)
})

describe('a module depends on neither the number of samples nor the widths, but for constants', () => {
  const sizeOf = async (layers: readonly number[], rows: number) => {
    const data = randomSamples(rows, layers[0]!, layers.at(-1)!)
    const landscape = network(layers, data, { batch: { size: 2, sampling: 'shuffle' } })
    const cell = cellOf({ landscape, start: randomStart(landscape.dimension, 1, 1) })
    return prepare(cell, [data])
  }
  it('more samples, the same source', async () => {
    const [few, many] = [await sizeOf([9, 8, 1], 3), await sizeOf([9, 8, 1], 3000)]
    expect(many.shape).toBe(few.shape)
    expect(many.source).toBe(few.source)
  })
  // Larger constants take a few bytes more. Layers of equal widths would be compiled with these widths as constants.
  it('wider layers, as many bytes', async () => {
    const [narrow, wide] = [await sizeOf([20, 30, 10], 3), await sizeOf([90, 200, 60], 3)]
    const sizes = [(await compile(narrow.source)).length, (await compile(wide.source)).length] as const
    expect(Math.abs(sizes[1] - sizes[0])).toBeLessThan(200)
  })
})

describe('samples are checked', () => {
  const cell = cellOf({ landscape: network([2, 1], xor), start: [0, 0, 0] })
  it.each([
    ['none', []],
    ['others', [randomSamples(4, 2, 1)]],
    ['another shape', [{ ...xor, rows: 3, columns: 4 }]],
  ])('%s', (_, tables) => {
    expect(() => prepare(cell, tables)).toThrow(expect.objectContaining({ name: 'KernelError', code: 'DATA' }))
  })
  it('their own', () => {
    expect(prepare(cell, [xor]).data).toBe(xor.values)
  })
})
