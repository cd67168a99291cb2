import type { NetworkLandscape } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory.ts'
import { layersOf, lossScales } from '../network.ts'
import type { Numbers } from './numbers.ts'

const activations = ['tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity'] as const
const outputs = ['identity', 'sigmoid', 'softmax'] as const

/** Rows of a tile: inputs, targets, for each hidden layer its values and what comes before the activation, the outputs, and room for softmax. */
function tileOf({ layers, output }: NetworkLandscape) {
  const last = layers.at(-1)!
  let rows = 0
  const take = (count: number) => {
    rows += count
    return rows - count
  }
  const inputs = take(layers[0]!)
  const targets = take(last)
  const hidden = layers.slice(1, -1)
  const values = [inputs, ...hidden.map((units) => take(units))]
  const before = [...hidden.map((units) => take(units)), take(last)]
  const spare = take(output === 'softmax' ? last : 0)
  return { inputs, targets, values, before, spare, rows }
}

/**
 * Samples in a tile: more of them spare loads and stores of the sums, as long as the tile stays near the processor.
 * Measured on 8-16-1 over 256 samples.
 */
function tileLength(rows: number): number {
  return [64, 32].find((samples) => 16 * samples * rows <= 40_000) ?? 16
}

export function networkWork(landscape: NetworkLandscape): number {
  const { rows } = tileOf(landscape)
  return 16 * tileLength(rows) * rows
}

/** One call a layer; `assembly/network.ts` has the code. */
export function networkFunctions(landscape: NetworkLandscape, numbers: Numbers, places: ShapePlaces): string[] {
  const { biases, decayBias, dimension, batch } = landscape
  const layers = layersOf(landscape)
  const tile = tileOf(landscape)
  const length = tileLength(tile.rows)
  const row = (index: number) => `${places.work + 16 * length * index}`
  const [count, width] = [layers.length, landscape.layers.at(-1)!]
  const scales = lossScales(landscape)
  const number = (key: string, value: number) => `v128.load64_splat(NUMBERS, ${8 * numbers.named(key, value)})`
  const decay = number('decay', landscape.decay)
  const ending = `${row(tile.before.at(-1)!)}, ${row(tile.targets)}, ${row(tile.spare)}, ${width}, samples`

  const forward = layers.flatMap(({ offset, inputs, outputs }, k) => [
    `dense(theta + ${16 * offset}, ${row(tile.values[k]!)}, ${row(tile.before[k]!)}, ${inputs}, ${outputs}, ${biases}, samples)`,
    ...(k === count - 1 ? [] : [`activate(${row(tile.before[k]!)}, ${row(tile.values[k + 1]!)}, ${outputs}, samples)`]),
  ])
  const backward = layers
    .flatMap(({ offset, inputs, outputs }, k) => {
      const [delta, values] = [row(tile.before[k]!), row(tile.values[k]!)]
      return [
        [`sumLayer(gradient + ${16 * offset}, ${delta}, ${values}, ${inputs}, ${outputs}, ${biases}, samples)`],
        k === 0
          ? []
          : [
              `back(theta + ${16 * offset}, ${delta}, ${values}, ${row(tile.before[k - 1]!)}, ${inputs}, ${outputs}, samples)`,
            ],
      ].reverse()
    })
    .reverse()
    .flat()
  const finish = decayBias
    ? [`finishDecayed(theta, gradient, ${dimension}, scale, decay)`]
    : layers.flatMap(({ offset, weights, outputs }) => [
        `finishDecayed(theta + ${16 * offset}, gradient + ${16 * offset}, ${weights}, scale, decay)`,
        ...(biases ? [`finishPlain(gradient + ${16 * (offset + weights)}, ${outputs}, scale)`] : []),
      ])
  const squares = decayBias
    ? [`squares = sumSquares(squares, theta, ${dimension})`]
    : layers.map(({ offset, weights }) => `squares = sumSquares(squares, theta + ${16 * offset}, ${weights})`)

  const overTiles = (samples: string, begin: string, end: readonly string[]) => [
    `const rows = ${samples}`,
    'for (let first = 0; first < rows; first += TILE) {',
    '  const samples = min(TILE, rows - first)',
    `  ${begin}`,
    '  forward(theta, samples)',
    ...end.map((line) => `  ${line}`),
    '}',
  ]
  const all = '<i32>load<f64>(ROWS)'
  const fill = `fill(${row(tile.inputs)}, first, samples, COLUMNS)`
  const gradientOver = (samples: string, begin: string, scale: string) => [
    `clear(gradient, ${dimension})`,
    ...overTiles(samples, begin, [`errors(${ending})`, 'backward(theta, gradient, samples)']),
    `const scale = ${scale}`,
    `const decay = f64x2.mul(${decay}, f64x2.splat(2))`,
    ...finish,
  ]
  return [
    "import { activate, back, clear, dense, draw, errors, fill, finishDecayed, finishPlain, sumLayer, sumLosses, sumSquares } from './network'",
    `export const TILE: i32 = ${length}`,
    `export const ROW: usize = ${16 * length}`,
    `export const ACTIVATION: i32 = ${activations.indexOf(landscape.activation)}`,
    `export const OUTPUT: i32 = ${outputs.indexOf(landscape.output)}`,
    `export const CROSS_ENTROPY: bool = ${landscape.loss === 'cross-entropy'}`,
    '',
    ...functionOf('function forward(theta: usize, samples: i32): void', forward),
    ...functionOf('function backward(theta: usize, gradient: usize, samples: i32): void', backward),
    ...functionOf('export function lossOf(theta: usize): v128', [
      'let total = f64x2.splat(-0.0)',
      ...overTiles(all, fill, [`total = sumLosses(total, ${ending})`]),
      'let squares = f64x2.splat(-0.0)',
      ...squares,
      `const mean = f64x2.div(total, ${number('loss terms', scales.terms)})`,
      `return f64x2.add(mean, f64x2.mul(${decay}, squares))`,
    ]),
    ...functionOf(
      'export function gradientOf(theta: usize, gradient: usize): void',
      gradientOver(all, fill, number('gradient scale', scales.gradient)),
    ),
    ...functionOf(
      'export function sampleGradientOf(theta: usize, gradient: usize, index: i32): void',
      gradientOver(
        '1',
        `fill(${row(tile.inputs)}, index, samples, COLUMNS)`,
        number('sample scale', scales.sampleGradient),
      ),
    ),
    ...(batch === null
      ? []
      : functionOf('export function batchGradientOf(base: usize): void', [
          `const theta = base + ${places.theta}`,
          `const gradient = base + ${places.gradient}`,
          ...gradientOver(
            `<i32>load<f64>(NUMBERS, ${8 * numbers.named('batch size', batch.size)})`,
            `draw(base, ${row(tile.inputs)}, samples, COLUMNS)`,
            number('batch scale', scales.batchGradient),
          ),
        ])),
  ]
}

function functionOf(signature: string, lines: readonly string[]): string[] {
  return [`${signature} {`, ...lines.map((line) => `  ${line}`), '}', '']
}
