import type { Cell, Landscape, Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { curvatureOf, decodeOutcome, index, kernelOf, landscapeFunction, runReference, sharpness } from '../index.ts'
import { cellOf, constant, drift, formula, indexed } from './cells.fixture.ts'
import {
  activationNames,
  batches,
  endings,
  network,
  population,
  randomSamples,
  sampledFormula,
  uniforms,
  xor,
} from './networks.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const count = 3

function sketch(landscape: Landscape, classify: Cell['trial']['classify'] = []): Cell {
  return cellOf({
    landscape,
    // The same noise whatever the classes are.
    streams: 'common',
    start: { kind: 'gaussian', mean: 0.3, sigma: 0.7 },
    update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 0.1)] },
    trial: { steps: 2, classify, marks: [['sharp', 'sharpness > loss + trace/4']] },
  })
}

/** Each trial has a class of its own, whose condition holds only if every bit is right. */
async function agree(landscape: Landscape, tables: Tables): Promise<void> {
  const cell = sketch(landscape)
  const { dimension } = landscape
  const curvature = curvatureOf(landscapeFunction(cell, tables))
  const thetas = runReference(cell, 0, count, { horizons: [], tables, theta: true }).theta!
  const classes = Array.from({ length: count }, (_, trial) => {
    const theta = thetas.slice(trial * dimension, (trial + 1) * dimension)
    const [first, second, third] = [sharpness(curvature, theta), curvature.trace(theta), index(curvature, theta)]
    return `sharpness == ${first} && trace == ${second} && index == ${third}`
  })
  const whole = sketch(
    landscape,
    classes.map((condition, trial) => [`trial${trial}`, condition]),
  )
  const kernel = await kernelOf(whole, tables)
  const { records } = kernel.run(0, count, { keep: true, horizons: [] })
  for (let trial = 0; trial < count; trial++)
    expect(decodeOutcome(records!, kernel.layout, trial).class).toBe(`trial${classes.indexOf(classes[trial]!)}`)
  expect(records).toEqual(runReference(whole, 0, count, { horizons: [], tables }).records)
}

describe('networks', () => {
  const cases = Array.from({ length: 21 }, (_, at) => {
    const next = uniforms(2000 + at)
    const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
    const [output, loss] = endings[at % endings.length]!
    const layers = Array.from({ length: 2 + (at % 4) }, () => integer(1, 4))
    // The first has more samples than a tile.
    const rows = at === 0 ? 70 : integer(1, 12)
    const data = randomSamples(rows, layers[0]!, layers.at(-1)!, at)
    const activation = activationNames[at % activationNames.length]!
    const landscape = network(layers, data, {
      activation,
      output,
      loss,
      biases: at % 4 !== 1,
      decay: at % 2 === 0 ? 0 : 0.01,
      decayBias: at % 8 < 4,
      batch: batches(integer(1, rows))[at % 3]!,
      // Steps leave out units, second derivatives do not.
      ...(at % 3 === 2 && layers.length > 2 ? { dropout: layers.slice(1, -1).map(() => 0.5) } : {}),
    })
    return [`${layers.join('-')} ${activation} ${output} ${loss} ${rows}`, landscape, [data]] as const
  })
  it.each(cases.filter((_, at) => full || at < 7))('%s', (_, landscape, data) => agree(landscape, data))
})

describe('other landscapes', () => {
  const data = randomSamples(9, 2, 1)
  const line = sampledFormula(['w', 'b'], '(tanh(w*u + b*v) - t)^2', ['u', 'v', 't'], data)
  it.each([
    ['one coordinate', formula(['x'], 'x^4 - x^2'), []],
    ['coordinates in locals', formula(['x', 'y'], '(x^2 - 1)^2/4 + (y - x^2)^2/2'), []],
    ['coordinates in memory', indexed(11, 'sum(i, 1, 11, i*cos(x[i])) + x[1]*x[11]'), []],
    ['samples', line, [data]],
    ['a population', population(2, 2, 3), []],
  ] as const)('%s', (_, landscape, samples) => agree(landscape, samples))
})

const of = (landscape: Landscape, tables: Tables = []) => {
  const start = new Array<number>(landscape.dimension).fill(0)
  const curvature = curvatureOf(landscapeFunction(cellOf({ landscape, start }), tables))
  return (...theta: number[]) => {
    const at = Float64Array.from(theta)
    return [sharpness(curvature, at), curvature.trace(at), index(curvature, at)]
  }
}

describe('known Hessians', () => {
  it('a bowl: its curvatures do not depend on the place', () => {
    const at = of(indexed(4, 'sum(i, 1, 4, i*x[i]^2/2)'))
    for (const theta of [
      [0, 0, 0, 0],
      [3, -2, 100, 1],
    ]) {
      const [first, second, third] = at(...theta)
      expect(first).toBeCloseTo(4, 7)
      expect(second).toBeCloseTo(10, 7)
      expect(third).toBe(0)
    }
  })

  it('Rosenbrock: at the minimum 501 +- sqrt(250601)', () => {
    const [first, second, third] = of(formula(['x', 'y'], '(1 - x)^2 + 100*(y - x^2)^2'))(1, 1)
    expect(first! / (501 + Math.sqrt(250601))).toBeCloseTo(1, 8)
    expect(second! / 1002).toBeCloseTo(1, 8)
    expect(third).toBe(0)
  })

  it('a saddle, a maximum, a plain and a single eigenvalue', () => {
    expect(of(formula(['x', 'y'], 'x*x - 3*y*y'))(0, 0)).toEqual([2, -4, 1].map((x) => expect.closeTo(x, 8)))
    expect(of(formula(['x', 'y'], '-x*x - 3*y*y'))(0, 0)).toEqual([-2, -8, 2].map((x) => expect.closeTo(x, 8)))
    expect(of(formula(['x', 'y'], 'x + y'))(1, 2)).toEqual([0, 0, 0])
    expect(of(indexed(30, 'sum(i, 1, 30, x[i]^2)'))(...new Array(30).fill(0))[0]).toBeCloseTo(2, 8)
  })

  it('the largest of a thousand eigenvalues', () => {
    const landscape = indexed(1000, 'sum(i, 1, 1000, i*x[i]^2/2000)')
    const start = new Array<number>(1000).fill(0)
    const curvature = curvatureOf(landscapeFunction(cellOf({ landscape, start }), []))
    expect(sharpness(curvature, Float64Array.from(start))).toBeCloseTo(1, 6)
  })

  it('an infinite or undefined point has no curvature', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(of(formula(['x', 'y'], 'x^4 + y^2'))(x, 0)).toEqual([Number.NaN, Number.NaN, Number.NaN])
      const at = of(network([2, 2, 1], xor), [xor])
      expect(at(x, ...new Array(8).fill(1))).toEqual([Number.NaN, Number.NaN, Number.NaN])
    }
  })

  it('weights that run off: the kernel, too', async () => {
    const cell = cellOf({
      landscape: network([2, 3, 1], xor),
      start: { kind: 'gaussian', mean: 0, sigma: 1 },
      update: { eta: constant(1e200) },
      trial: { divergence: 1e308, steps: 4, marks: [['none', 'sharpness != sharpness']] },
    })
    const { records } = (await kernelOf(cell, [xor])).run(0, 4, { keep: true, horizons: [] })
    expect(records).toEqual(runReference(cell, 0, 4, { horizons: [], tables: [xor] }).records)
  })
})
