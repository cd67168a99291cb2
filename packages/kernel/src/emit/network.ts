import { type NetworkLandscape, trainingNoise } from '@driftfarm/spec'
import { constants } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import { layersOf } from '../model/network.ts'
import { type FunctionCode, type Item, written } from './code/function.ts'
import type { Numbers } from './numbers.ts'
import * as read from './readings.ts'
import { isSmall, SmallNetwork } from './smallNetwork.ts'
import { overTiles, rowsAt, tileLength, tileOf } from './tile.ts'

const activations = ['tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity'] as const
const outputs = ['identity', 'sigmoid', 'softmax'] as const

/** Code that makes the sums at `into` a gradient, or the product of the Hessian with the vector `at`. */
export function finishLines(landscape: NetworkLandscape, at: string, into: string): string[] {
  const { biases, decayBias, dimension } = landscape
  if (decayBias) return [`finishDecayed(${at}, ${into}, ${dimension}, scale, decay)`]
  return layersOf(landscape).flatMap(({ offset, weights, outputs }) => [
    `finishDecayed(${at} + ${16 * offset}, ${into} + ${16 * offset}, ${weights}, scale, decay)`,
    ...(biases ? [`finishPlain(${into} + ${16 * (offset + weights)}, ${outputs}, scale)`] : []),
  ])
}

/**
 * Functions over all training or test samples. `judged`: the function returns the loss. `counted`: it returns the
 * accuracy, or stores it if it returns the loss. `until`: it stops as soon as the samples so far decide that the loss
 * is above `limit`, or the accuracy below it, in both lanes. The result is then also above or below the limit, because
 * all samples together have at least the loss of some of them: sums and quotients of numbers >= 0 are monotone in
 * doubles, too.
 */
const scoreKinds = [false, true].flatMap((isTest) =>
  (
    [
      ['lossOf', true, false, false],
      ['meanLossOf', true, false, false],
      ['accuracyOf', false, true, false],
      ['lossAndAccuracyOf', true, true, false],
      ['lossUntil', true, false, true],
      ['accuracyUntil', false, true, true],
    ] as const
  ).map(([base, judged, counted, until]) => {
    const name = isTest ? `test${base[0]!.toUpperCase()}${base.slice(1)}` : base
    return { name, isTest, judged, counted, until }
  }),
)

export interface RequiredFunctions {
  /** The functions that other code calls. */
  readonly called: ReadonlySet<string>
  /** Whether steps store their loss. */
  readonly stepLoss: boolean
  /** Whether `lossUntil` reads samples with large losses first. */
  readonly ranks: boolean
  /** Whether other code calls `gradientOf`. */
  readonly gradient: boolean
}

/**
 * The functions of a network, with one call for each layer; the code of layers is in `assembly`. `lossAndGradientOf`
 * makes only one pass over the data, because the outputs that the gradient needs also give the loss. Mini-batches need
 * separate functions, because each lane has its own samples.
 */
export function networkFunctions(
  landscape: NetworkLandscape,
  numbers: Numbers,
  places: ShapePlaces,
  { called, stepLoss, ranks }: RequiredFunctions,
): Item[] {
  const { biases, decayBias, dimension, batch, dropout, labelNoise } = landscape
  const layers = layersOf(landscape)
  const tile = tileOf(landscape)
  const length = tileLength(tile.rows)
  const rowAt = rowsAt(landscape, places.work)
  const row = (index: number) => String(rowAt(index))
  const [count, inputs, width] = [layers.length, landscape.layers[0]!, landscape.layers.at(-1)!]
  const number = (key: string, reading: read.NumberReading) =>
    `v128.load64_splat(NUMBERS, ${8 * numbers.named(key, reading)})`
  const decay = number('decay', read.decay)
  /** Addresses of the two numbers of each hidden layer that `assembly/dropout.ts` reads. */
  const keepingAt = dropout === undefined ? 0 : numbers.array('dropout', read.dropout)
  const keeping = (hidden: number) => `NUMBERS + ${8 * (keepingAt + 2 * hidden)}`
  const outputRow = row(tile.before.at(-1)!)
  const ending = `${outputRow}, ${row(tile.targets)}, ${row(tile.errors)}, ${width}, samples`
  const small = isSmall(landscape)

  const activation = (sizes: string, shared: boolean, hidden: number) =>
    shared || dropout === undefined ? `activate(${sizes})` : `activateKept(${sizes}, ${keeping(hidden)})`
  const forward = (shared: boolean) =>
    layers.flatMap(({ offset, inputs, outputs }, k) => {
      const data = shared && k === 0
      const from = data ? 'x' : row(tile.values[k]!)
      const sizes = `${inputs}, ${outputs}, samples`
      return [
        `dense<${data ? 'FromData' : 'FromRows'}>(theta + ${16 * offset}, ${from}, ${row(tile.before[k]!)}, ${sizes})`,
        ...(k === count - 1
          ? []
          : [activation(`${row(tile.before[k]!)}, ${row(tile.values[k + 1]!)}, ${outputs}, samples`, shared, k)]),
      ]
    })
  const backward = (shared: boolean) =>
    layers
      .map(({ offset, inputs, outputs, weights }, k) => {
        const [delta, values] = [row(k === count - 1 ? tile.errors : tile.before[k]!), row(tile.values[k]!)]
        const [theta, sums] = [`theta + ${16 * offset}`, `gradient + ${16 * offset}`]
        if (k === 0) {
          const [place, from] = shared ? ['FromData', 'x'] : ['FromRows', values]
          return [`sumLayer<${place}>(${sums}, ${delta}, ${from}, ${inputs}, ${outputs}, samples)`]
        }
        const before = row(tile.before[k - 1]!)
        if (outputs === 1) {
          return [
            ...(biases ? [`sumBiases(gradient + ${16 * (offset + weights)}, ${delta}, 1, samples)`] : []),
            `backOne(${theta}, ${sums}, ${delta}, ${values}, ${before}, ${inputs}, samples)`,
          ]
        }
        return [
          `sumLayer<FromRows>(${sums}, ${delta}, ${values}, ${inputs}, ${outputs}, samples)`,
          `back(${theta}, ${delta}, ${values}, ${before}, ${inputs}, ${outputs}, samples)`,
        ]
      })
      .reverse()
      .flat()
  const squares = decayBias
    ? [`squares = addDot(squares, theta, theta, ${16 * dimension})`]
    : layers.map(({ offset, weights }) => {
        const at = `theta + ${16 * offset}`
        return `squares = addDot(squares, ${at}, ${at}, ${16 * weights})`
      })

  /**
   * Two functions: a forward pass, and a forward and backward pass that adds to the sums of the gradient. If `shared`
   * is true, the inputs are read from the data instead of from rows of the tile. A small network processes samples in
   * blocks of four if the number of samples in the tile is a multiple of four.
   */
  const ways = (shared: boolean): FunctionCode[] => {
    const suffix = shared ? '' : 'Rows'
    const [parameter, argument, from] = shared
      ? [', x: usize', ', x', ` + ((s * ${inputs + width}) >> 1)`]
      : ['', '', '']
    const four = new SmallNetwork(landscape, places.work, shared)
    const inFours = (line: string) => [
      'if ((samples & 3) == 0) {',
      `  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 64) ${line}`,
      '  return',
      '}',
    ]
    const block = `s${argument}${from}`
    const sums = `(theta, gradient, ${block})`
    return [
      ...(small
        ? [
            written(`function forwardFour${suffix}(theta: usize, s: usize${parameter}): void`, four.forward()),
            written(
              `function addFour${suffix}(theta: usize, gradient: usize, s: usize${parameter}): void`,
              four.gradient(),
            ),
          ]
        : []),
      written(`function forward${suffix}(theta: usize, samples: i32${parameter}): void`, [
        ...(small ? inFours(`forwardFour${suffix}(theta, ${block})`) : []),
        ...forward(shared),
      ]),
      written(`function sumTile${suffix}(theta: usize, gradient: usize, first: i32, samples: i32${parameter}): void`, [
        ...(small ? ['if (first == 0) {', ...four.begin(), '}'] : [`if (first == 0) clear(gradient, ${dimension})`]),
        ...(small ? inFours(`addFour${suffix}${sums}`) : []),
        ...forward(shared),
        `errors(${ending})`,
        ...backward(shared),
      ]),
    ]
  }

  /**
   * Code that processes `samples` samples, beginning at index `from`. Test samples follow the training samples: sample
   * i of the test set has the index ROWS + i, and their number is at TEST_ROWS. If `judged` is true, the code also sums
   * the losses of the outputs. If `back` is true, it also adds to the sums of the gradient. If `counted` is true, it
   * counts the samples whose class is right. The lines `first` come at the beginning of each tile, `last` behind it.
   * `at` is the address of the samples.
   */
  const overData = (
    samples: string,
    from: string,
    judged: boolean,
    back: boolean,
    {
      counted = false,
      first = [],
      last = [],
      at = `samplesAt(${from}, samples)`,
    }: {
      readonly counted?: boolean
      readonly first?: readonly string[]
      readonly last?: readonly string[]
      readonly at?: string
    } = {},
  ) => {
    const fill = `fill(${row(tile.targets)}, x, samples, ${inputs}, ${width})`
    // `fill` copies targets from the data to rows of the tile. When a small network without softmax computes gradients
    // in blocks of four samples, it reads the targets of each block from the data. It therefore needs the copies only
    // if the number of samples in the tile is not a multiple of four.
    const ownTargets = small && !judged && !counted && landscape.output !== 'softmax'
    return overTiles(samples, [
      ...first,
      `const x = ${at}`,
      ownTargets ? `if ((samples & 3) != 0) ${fill}` : fill,
      back ? 'sumTile(theta, gradient, first, samples, x)' : 'forward(theta, samples, x)',
      // Softmax changes the outputs, so the classes are counted first.
      ...(counted ? [`right = countRight(right, ${outputRow}, ${row(tile.targets)}, ${width}, samples)`] : []),
      ...(judged ? [`total = sumLosses(total, ${ending})`] : []),
      ...last,
    ])
  }
  const all = '<i32>load<f64>(ROWS)'
  const beginLoss = 'let total = f64x2.splat(-0.0)'
  const penalty = ['let squares = f64x2.splat(-0.0)', ...squares, `const penalty = f64x2.mul(${decay}, squares)`]
  const gradientOver = (sums: readonly string[], scale: string) => [
    ...sums,
    `const scale = ${scale}`,
    `const decay = f64x2.mul(${decay}, f64x2.splat(2))`,
    ...(small ? new SmallNetwork(landscape, places.work, true).finish() : finishLines(landscape, 'theta', 'gradient')),
  ]
  const ranksAtLeast = 8 * length
  /**
   * Reads the samples with the largest losses first. The terms of a sum in doubles are all >= 0, so another order
   * changes the sum by less than a share of 2^-21 for up to 2^31 samples. So `total` is lowered by 2^-20, and a loss
   * that is then still above the limit is above it in the usual order, too. Otherwise the usual order decides. If the
   * order is due to be made anew, all losses are computed and kept.
   */
  const rankedPass = (loss: string, begin: string) => [
    `if (${all} >= ${ranksAtLeast}) {`,
    '  if (takesOrder()) {',
    ...overData(all, 'first', true, false, {
      at: 'rankedSamplesAt(first, samples)',
      last: [
        'const exact = total',
        'total = f64x2.mul(total, f64x2.splat(1 - 1 / <f64>(1 << 20)))',
        `const least = ${loss}`,
        'if (i64x2.bitmask(f64x2.gt(least, limit)) == 3) return least',
        'total = exact',
      ],
    }).map((line) => `    ${line}`),
    `    total = ${begin}`,
    '  } else {',
    ...overData(all, 'first', true, false, {
      last: [`keepLosses(first, ${row(tile.errors)}, samples)`],
    }).map((line) => `    ${line}`),
    '    rank()',
    `    return ${loss}`,
    '  }',
    '}',
  ]
  const scoreFunctions = scoreKinds
    .filter(({ name }) => name === 'lossOf' || called.has(name))
    .map(({ name, isTest, judged, counted, until }) => {
      const count = isTest ? '<i32>load<f64>(TEST_ROWS)' : all
      const from = isTest ? '<i32>load<f64>(ROWS) + first' : 'first'
      const share = (right: string) => `f64x2.div(${right}, v128.load64_splat(${isTest ? 'TEST_ROWS' : 'ROWS'}))`
      const terms = isTest ? number('test loss terms', read.testTerms) : number('loss terms', read.lossTerms)
      const mean = `f64x2.div(total, ${terms})`
      const decays = judged && !isTest && name !== 'meanLossOf'
      const loss = decays ? `f64x2.add(${mean}, penalty)` : mean
      // A lane whose limit no value can meet is not wanted, and its result only has to miss the limit.
      const begin = (none: string, never: string, idle: string) =>
        until
          ? `v128.bitselect(f64x2.splat(${idle}), f64x2.splat(${none}), f64x2.eq(limit, f64x2.splat(${never})))`
          : `f64x2.splat(${none})`
      const best = share('f64x2.add(right, f64x2.splat(<f64>(rows - first)))')
      const decided = judged ? [loss, `f64x2.gt(${loss}, limit)`] : [best, `f64x2.lt(${best}, limit)`]
      return written(`export function ${name}(theta: usize${until ? ', limit: v128' : ''}): v128`, [
        ...(counted ? [`let right = ${begin('0', 'Infinity', '-Infinity')}`] : []),
        ...(judged ? [`let total = ${begin('-0.0', '-Infinity', 'Infinity')}`] : []),
        ...(decays ? penalty : []),
        ...(ranks && name === 'lossUntil' ? rankedPass(loss, begin('-0.0', '-Infinity', 'Infinity')) : []),
        ...overData(count, from, judged, false, {
          counted,
          first: until ? [`if (i64x2.bitmask(${decided[1]}) == 3) return ${decided[0]}`] : [],
        }),
        ...(judged && counted ? [`v128.store(${isTest ? 'TEST_ACCURACY' : 'ACCURACY'}, ${share('right')})`] : []),
        `return ${judged ? loss : share('right')}`,
      ])
    })
  const gradientScale = number('gradient scale', read.gradientScale)
  const single = (key: string, reading: read.NumberReading) => `load<f64>(NUMBERS, ${8 * numbers.named(key, reading)})`
  /** The samples of a step go into rows. */
  const take = () => {
    const labels = `base, ${row(tile.targets)}, ${width}, samples`
    return [
      batch === null
        ? `fill(${row(tile.inputs)}, samplesAt(first, samples), samples, 0, ${inputs + width})`
        : `draw(base, ${row(tile.inputs)}, samples)`,
      ...(labelNoise === undefined
        ? []
        : 'flip' in labelNoise
          ? [`flipLabels(${labels}, ${single('label noise', read.labelNoise)})`]
          : [`blurLabels(${labels}, ${number('label noise', read.labelNoise)})`]),
      ...(dropout === undefined
        ? []
        : [
            'for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {',
            ...dropout.map(
              (_, k) => `  drawMasks(base, s + ${row(tile.values[k + 1]!)}, ${layers[k]!.outputs}, ${keeping(k)})`,
            ),
            '}',
          ]),
    ]
  }
  return [
    "import { activate, activateFour, slope } from './activation'",
    "import { back, backOne } from './backward'",
    "import { dense } from './forward'",
    "import { addDot } from './coordinates'",
    "import { clear, finishDecayed, finishPlain, sumBiases, sumLayer } from './gradientSums'",
    "import { countRight, errorOf, errors, sumLosses } from './outputs'",
    ...(ranks ? ["import { keepLosses, rank, rankedSamplesAt, takesOrder } from './ranking'"] : []),
    "import { draw, fill, FromData, FromRows, LINE, NOTHING, samplesAt } from './tile'",
    ...constants('i32', {
      tile: length,
      activation: activations.indexOf(landscape.activation),
      output: outputs.indexOf(landscape.output),
    }),
    ...constants('usize', { tileRow: 16 * length }),
    ...constants('bool', { biases, crossEntropy: landscape.loss === 'cross-entropy' }),
    '',
    ...ways(true),
    written(
      'export function gradientOf(theta: usize, gradient: usize): void',
      gradientOver(overData(all, 'first', false, true), gradientScale),
    ),
    written(
      'export function sampleGradientOf(theta: usize, gradient: usize, index: i32): void',
      gradientOver(overData('1', 'index', false, true), number('sample scale', read.sampleScale)),
    ),
    written('export function lossAndGradientOf(theta: usize, gradient: usize): v128', [
      beginLoss,
      ...gradientOver(overData(all, 'first', true, true), gradientScale),
      ...penalty,
      `return f64x2.add(f64x2.div(total, ${number('loss terms', read.lossTerms)}), penalty)`,
    ]),
    ...scoreFunctions,
    ...(trainingNoise(landscape).length === 0
      ? []
      : [
          ...(dropout === undefined ? [] : ["import { activateKept, drawMasks } from './dropout'"]),
          ...(labelNoise === undefined ? [] : ["import { blurLabels, flipLabels } from './labels'"]),
          ...ways(false),
          written('export function batchGradientOf(base: usize): void', [
            `const theta = base + ${places.theta}`,
            `const gradient = base + ${places.gradient}`,
            ...(stepLoss ? [beginLoss] : []),
            ...gradientOver(
              overTiles(batch === null ? all : `<i32>${single('batch size', read.batchSize)}`, [
                ...take(),
                'sumTileRows(theta, gradient, first, samples)',
                ...(stepLoss ? [`total = sumLosses(total, ${ending})`] : []),
              ]),
              number('batch scale', read.batchScale),
            ),
            ...(stepLoss ? [`v128.store(STEP_LOSS, f64x2.div(total, ${number('step terms', read.stepTerms)}))`] : []),
          ]),
        ]),
  ]
}
