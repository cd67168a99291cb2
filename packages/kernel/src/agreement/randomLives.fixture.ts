import type { Broadcast, Cell, Descent, Landscape, Start, Tables, Trial, Update } from '@driftfarm/spec'
import fc from 'fast-check'
import { cellOf, exits, formula, indexed } from './cells.fixture.ts'
import {
  activationNames,
  batches,
  endings,
  network,
  population,
  randomSamples,
  sampledFormula,
} from './networks.fixture.ts'
import { formulas, updates } from './randomUpdates.fixture.ts'

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const descents: fc.Arbitrary<Descent> = fc.record({
  gradient: fc.constantFrom(0, 1e-6, 0.01, 0.3),
  // The largest run away.
  eta: fc.constantFrom(0.003, 0.05, 0.3, 1.5),
  steps: fc.integer({ min: 0, max: 120 }),
})

function startsOf({ dimension, kind }: Landscape, update: fc.Arbitrary<Update>): fc.Arbitrary<Start> {
  const point = fc.array(finite(-2, 2), { minLength: dimension, maxLength: dimension })
  const broadcast: fc.Arbitrary<Broadcast> = fc.oneof(finite(-2, 2), point)
  const drawn: fc.Arbitrary<Start> = fc.oneof(
    fc.record({ kind: fc.constant('point' as const), point }),
    fc.record({ kind: fc.constant('uniform' as const), low: broadcast, high: broadcast }),
    fc.record({ kind: fc.constant('gaussian' as const), mean: broadcast, sigma: broadcast }),
  )
  const init = fc.record({
    kind: fc.constant('init' as const),
    law: fc.constantFrom('he' as const, 'xavier' as const, 'lecun' as const),
  })
  const first = kind === 'network' ? fc.oneof(drawn, init) : drawn
  const descend = (from: fc.Arbitrary<Start>) =>
    fc.record({ kind: fc.constant('descend' as const), from, descent: descents })
  const trained: fc.Arbitrary<Start> = fc.record(
    {
      kind: fc.constant('train' as const),
      from: fc.oneof(first, descend(first)),
      update,
      until: fc.constantFrom(null, 'loss < 0.5 || distance > 1'),
      every: fc.integer({ min: 2, max: 5 }),
      steps: fc.integer({ min: 1, max: 20 }),
      per: fc.constantFrom('cell' as const, 'trial' as const),
    },
    { requiredKeys: ['kind', 'from', 'update', 'until', 'steps', 'per'] },
  )
  return fc.oneof({ weight: 3, arbitrary: first }, trained, descend(first), descend(descend(first)))
}

/** Conditions that need samples. */
function sampledMarks(landscape: Landscape): Trial['marks'] {
  if (landscape.kind === 'population' || landscape.data === null) return []
  return landscape.test === undefined
    ? [['step', 'batchloss < loss']]
    : [
        ['step', 'batchloss < testloss', 2],
        ['test', 'testloss < 0.3'],
      ]
}

function trialsOf(landscape: Landscape, coordinate: string): fc.Arbitrary<Partial<Trial>> {
  const { dimension } = landscape
  const point = fc.array(finite(-2, 2), { minLength: dimension, maxLength: dimension })
  const hold = fc.integer({ min: 1, max: 4 })
  const basin = fc.record({
    kind: fc.constant('basin' as const),
    every: fc.integer({ min: 1, max: 9 }),
    descent: descents,
  })
  const steps = fc.integer({ min: 1, max: 30 })
  return fc.record<Partial<Trial>>({
    warmup: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 })),
    steps,
    divergence: fc.constantFrom(1e6, 2.5, 1e300),
    escape: fc.oneof(
      { weight: 2, arbitrary: basin },
      finite(0, 2).map((radius) => exits(['far', `distance > ${radius}`], ['over', `${coordinate} > step/9`])),
      finite(0, 2).map((radius) => exits(['far', `distance > ${radius}`, 4], ['over', `${coordinate} > step/9`, 3])),
      fc.constant(null),
    ),
    converge: fc.oneof(
      fc.constant(null),
      fc.record({ kind: fc.constant('gradient' as const), tolerance: finite(0.01, 2), hold }),
      fc.record({ kind: fc.constant('when' as const), when: fc.constant('loss < 0.5 || distance < 0.1'), hold }),
      fc.record({
        kind: fc.constant('when' as const),
        when: fc.constant('loss < 0.5 || distance < 0.1'),
        hold,
        every: fc.integer({ min: 2, max: 7 }),
      }),
    ),
    afterEscape: fc.constantFrom('stop', 'continue'),
    afterConverge: fc.constantFrom('stop', 'continue'),
    marks: fc.constantFrom<Trial['marks']>(
      [],
      sampledMarks(landscape),
      [['seen', `gradnorm < ${dimension}/4`]],
      [
        ['seen', `gradnorm < ${dimension}/4`, 3],
        ['here', 'step > 4'],
      ],
    ),
    minima: fc.tuple(point, point).map(([p, q]) => [['m', p] as const, ['o', q] as const]),
    settledRadius: finite(0.01, 2),
    quench: fc.oneof(fc.constant(null), descents),
  })
}

/** A cell with its data, and the first trial to run. */
export interface Run {
  readonly cell: Cell
  readonly first: number
  readonly tables: Tables
}

function cellsOf(landscape: Landscape, coordinate: string, tables: Tables = []): fc.Arbitrary<Run> {
  const update = updates(landscape.dimension, coordinate, 'loss', 'distance', 'step')
  return fc
    .record({
      start: startsOf(landscape, update),
      trial: trialsOf(landscape, coordinate),
      update,
      seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      first: fc.integer({ min: 0, max: 10 ** 12 }),
    })
    .map(({ start, trial, update, seed, first }) => {
      const classify =
        trial.quench === null
          ? []
          : ([
              ['was', 'loss < 0.3', 5],
              ['flat', 'quenchloss < loss/9 && distance > 0'],
            ] as const)
      const cell = cellOf({
        landscape,
        start,
        update,
        trial: { ...trial, classify },
        seed: String(seed),
      })
      return { cell, first, tables }
    })
}

const samples = randomSamples(11, 2, 1)
const [, replaced, shuffled] = batches(4)
const integer = (min: number, max: number) => fc.integer({ min, max })

/** A data set, test samples or none, what a step draws of it, and the noise of targets. */
const sampled = (inputs: number, targets: number) =>
  fc
    .record({
      rows: integer(1, 40),
      testRows: integer(0, 9),
      seed: integer(1, 1e6),
      size: integer(1, 40),
      way: integer(0, 2),
      sigma: fc.option(finite(0, 2), { nil: undefined }),
    })
    .map(({ rows, testRows, seed, size, way, sigma }) => {
      const data = randomSamples(rows, inputs, targets, seed)
      const test = testRows === 0 ? null : randomSamples(testRows, inputs, targets, seed + 1)
      return {
        data,
        sigma,
        tables: test === null ? [data] : [data, test],
        options: {
          batch: batches(Math.min(size, rows))[way]!,
          ...(test !== null && { test: { hash: test.hash, rows: testRows } }),
        },
      }
    })

/** For each hidden layer, the probability that a step leaves out a unit. */
const dropoutOf = (layers: readonly number[]) =>
  fc.option(fc.tuple(...layers.slice(1, -1).map(() => fc.constantFrom(0, 0.1, 0.5, 0.9))), { nil: undefined })

const anyNetwork: fc.Arbitrary<Run> = fc
  .record({
    layers: fc.array(integer(1, 6), { minLength: 2, maxLength: 5 }),
    ending: fc.constantFrom(...endings),
    options: fc.record({
      activation: fc.constantFrom(...activationNames),
      biases: fc.boolean(),
      decay: fc.constantFrom(0, 0.01),
      decayBias: fc.boolean(),
    }),
  })
  .chain(({ layers, ending: [output, loss], options }) =>
    fc
      .tuple(sampled(layers[0]!, layers.at(-1)!), dropoutOf(layers))
      .chain(([{ data, sigma, tables, options: own }, dropout]) => {
        const noise = {
          ...(dropout?.some((p) => p > 0) && { dropout }),
          ...(sigma !== undefined && { labelNoise: { sigma } }),
        }
        return cellsOf(network(layers, data, { ...options, output, loss, ...own, ...noise }), 'x[1]', tables)
      }),
  )

const anyPopulation: fc.Arbitrary<Run> = fc
  .tuple(integer(1, 4), integer(1, 4), integer(0, 2))
  .chain(([neurons, teachers, more]) => cellsOf(population(neurons, teachers, teachers + more), 'x[1]'))

const anySampledFormula: fc.Arbitrary<Run> = fc
  .tuple(formulas('a', 'b', 'u', 'v', 'w'), fc.boolean(), sampled(2, 1))
  .chain(([expression, named, { data, sigma, tables, options }]) => {
    const text = named ? expression : expression.replaceAll(/\ba\b/g, 'x[1]').replaceAll(/\bb\b/g, 'x[2]')
    const landscape = sampledFormula(named ? ['a', 'b'] : 2, `(${text} - w)^2`, ['u', 'v', 'w'], data, {
      ...options,
      ...(sigma !== undefined && { labelNoise: { sigma, columns: ['w'] } }),
    })
    return cellsOf(landscape, named ? 'b' : 'x[2]', tables)
  })

/** Cells of each kind, and of how many a test is to run trials. */
export const lives: Readonly<Record<string, readonly [cells: fc.Arbitrary<Run>, runs: number]>> = {
  'one variable': [cellsOf(formula(['x'], '(x^2 - 1)^2/4 + c*x', [['c', 0.2]]), 'x'), 8],
  'two variables': [cellsOf(formula(['x', 'y'], '(x^2 - 1)^2/4 + (y - x^2)^2/2 + sin(3*y)/9'), 'y'), 8],
  'no bottom': [cellsOf(formula(['x', 'y'], 'x^3/3 - x + log(1.5 + y)*x'), 'x'), 8],
  'eleven coordinates, in loops': [
    cellsOf(indexed(11, 'sum(i, 1, 11, (x[i]^2 - 1)^2/4) + sum(i, 1, 10, x[i]*x[i+1]/8)'), 'x[11]'),
    8,
  ],
  network: [cellsOf(network([2, 3, 1], samples), 'x[2]', [samples]), 8],
  'network, batches': [cellsOf(network([2, 2, 1], samples, { batch: shuffled! }), 'x[9]', [samples]), 8],
  'formula over samples, batches': [
    cellsOf(sampledFormula(['a', 'b'], '(a*u + sin(b*v) - w)^2', ['u', 'v', 'w'], samples, { batch: replaced! }), 'b', [
      samples,
    ]),
    8,
  ],
  population: [cellsOf(population(2, 2, 3), 'x[6]'), 8],
  'any network': [anyNetwork, 20],
  'any population': [anyPopulation, 5],
  'any formula over samples': [anySampledFormula, 10],
}
