import type { NetworkLandscape } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory/shape.ts'
import { layersOf } from '../model/network.ts'
import { type Item, written } from './code/function.ts'
import { tileLength, tileOf } from './network.ts'
import type { Numbers } from './numbers.ts'
import * as read from './readings.ts'

/**
 * The indices of further rows of a tile, behind those of `tileOf`. For each hidden layer: the errors before their
 * activation, the bends, the changes of the values, and the changes of the pre-activations, which are later replaced by
 * the changes of the errors. For the output layer: the changes of the errors, and the outputs. At the end are the sums
 * of squared inputs, and the traces of the samples.
 */
function changesOf(landscape: NetworkLandscape) {
  let { rows } = tileOf(landscape)
  const take = (count: number) => {
    rows += count
    return rows - count
  }
  const hidden = landscape.layers.slice(1, -1)
  const last = landscape.layers.at(-1)!
  const each = () => hidden.map((units) => take(units))
  return {
    deltas: [...each(), tileOf(landscape).errors],
    bends: each(),
    values: each(),
    tangents: [...each(), take(last)],
    final: take(last),
    squares: take(1),
    traces: take(1),
    count: rows - tileOf(landscape).rows,
  }
}

export function curvatureRows(landscape: NetworkLandscape): number {
  return changesOf(landscape).count
}

/** `hessianTimes` and `traceOf` of a network; the code of layers is in `assembly/tangents.ts`. */
export function networkCurvatureItems(landscape: NetworkLandscape, numbers: Numbers, places: ShapePlaces): Item[] {
  const { biases, decayBias, output, dimension } = landscape
  const layers = layersOf(landscape)
  const top = layers.length - 1
  const width = landscape.layers.at(-1)!
  const tile = tileOf(landscape)
  const changes = changesOf(landscape)
  const row = (index: number) => String(places.work + 16 * tileLength(tile.rows) * index)
  const number = (key: string, reading: read.NumberReading) =>
    `v128.load64_splat(NUMBERS, ${8 * numbers.named(key, reading)})`

  const ahead = (k: number) => {
    const { offset, inputs, outputs } = layers[k]!
    const [from, to] = [row(changes.values[k - 1]!), row(changes.tangents[k]!)]
    return [
      `pass(${row(tile.before[k - 1]!)}, ${row(changes.tangents[k - 1]!)}, ${from}, ${inputs})`,
      `addProducts(theta + ${16 * offset}, 16, ${16 * inputs}, ${from}, ${inputs}, ${to}, ${outputs}, samples)`,
    ]
  }
  /** The sums of a layer over the units behind it. */
  const back = (k: number, weights: string, from: number, to: number) => {
    const { offset, inputs, outputs } = layers[k]!
    const sizes = `${row(from)}, ${outputs}, ${row(to)}, ${inputs}, samples`
    return `addProducts(${weights} + ${16 * offset}, ${16 * inputs}, 16, ${sizes})`
  }
  const cleared = (at: number, units: number) => `clearRows(${row(at)}, ${units})`
  const bent = (k: number) => {
    const rows = [tile.before[k]!, changes.bends[k]!, changes.values[k]!, changes.tangents[k]!].map(row)
    return `bendTangents(${rows.join(', ')}, ${layers[k]!.outputs})`
  }
  const outputRows = [changes.final, tile.targets, changes.tangents[top]!].map(row)
  const errors = `errorTangents(${outputRows.join(', ')}, ${width}, samples)`
  const downFrom = (k: number) => Array.from({ length: k }, (_, i) => k - i)
  const overTiles = (each: readonly string[]) => [
    'const rows = <i32>load<f64>(ROWS)',
    'for (let first = 0; first < rows; first += TILE) {',
    '  const samples = min(TILE, rows - first)',
    '  const x = samplesAt(first, samples)',
    `  fill(${row(tile.targets)}, x, samples, ${landscape.layers[0]!}, ${width})`,
    '  derive(theta, samples, x)',
    ...each.map((line) => `  ${line}`),
    '}',
  ]
  const derive = [
    'forward(theta, samples, x)',
    ...(output === 'identity'
      ? []
      : [`finalOutputs(${row(tile.before[top]!)}, ${row(changes.final)}, ${width}, samples)`]),
    `errors(${row(tile.before[top]!)}, ${row(tile.targets)}, ${row(tile.errors)}, ${width}, samples)`,
    ...downFrom(top).flatMap((k) => {
      const { inputs } = layers[k]!
      const [values, slopes, deltas] = [tile.values[k]!, tile.before[k - 1]!, changes.deltas[k - 1]!]
      return [
        cleared(deltas, inputs),
        back(k, 'theta', changes.deltas[k]!, deltas),
        `bendUnits(${row(values)}, ${row(slopes)}, ${row(deltas)}, ${row(changes.bends[k - 1]!)}, ${inputs})`,
      ]
    }),
  ]
  const product = [
    ...layers.flatMap(({ offset, inputs, outputs }, k) => {
      const [place, from] = k === 0 ? ['FromData', 'x'] : ['FromRows', row(tile.values[k]!)]
      const to = row(changes.tangents[k]!)
      return [
        `dense<${place}>(vector + ${16 * offset}, ${from}, ${to}, ${inputs}, ${outputs}, samples)`,
        ...(k === 0 ? [] : ahead(k)),
      ]
    }),
    errors,
    ...downFrom(top).flatMap((k) => {
      const { offset, inputs, outputs, weights } = layers[k]!
      const [tangents, moved] = [row(changes.tangents[k]!), changes.values[k - 1]!]
      const from = `${row(changes.deltas[k]!)}, ${row(tile.values[k]!)}, ${row(moved)}`
      return [
        `sumTangents(into + ${16 * offset}, ${tangents}, ${from}, ${inputs}, ${outputs}, samples)`,
        ...(biases ? [`sumBiases(into + ${16 * (offset + weights)}, ${tangents}, ${outputs}, samples)`] : []),
        cleared(moved, inputs),
        back(k, 'theta', changes.tangents[k]!, moved),
        back(k, 'vector', changes.deltas[k]!, moved),
        bent(k - 1),
      ]
    }),
    `sumLayer<FromData>(into, ${row(changes.tangents[0]!)}, x, ${layers[0]!.inputs}, ${layers[0]!.outputs}, samples)`,
  ]
  const trace = layers.flatMap(({ inputs, outputs }, k) => {
    const [place, from] = k === 0 ? ['FromData', 'x'] : ['FromRows', row(tile.values[k]!)]
    const tangents = row(changes.tangents[k]!)
    const above = downFrom(top).filter((m) => m > k)
    const lines = [
      `oneUnit(${tangents}, unit, ${outputs})`,
      ...above.toReversed().flatMap((m) => [cleared(changes.tangents[m]!, layers[m]!.outputs), ...ahead(m)]),
      errors,
      ...above.flatMap((m) => {
        const sums = changes.values[m - 1]!
        return [cleared(sums, layers[m]!.inputs), back(m, 'theta', changes.tangents[m]!, sums), bent(m - 1)]
      }),
      `addTraces(${row(changes.traces)}, ${tangents} + <usize>unit * ROW, ${row(changes.squares)})`,
    ]
    return [
      `squareInputs<${place}>(${from}, ${row(changes.squares)}, ${inputs}, ${biases}, samples)`,
      `for (let unit = 0; unit < ${outputs}; unit++) {`,
      ...lines.map((line) => `  ${line}`),
      '}',
    ]
  })
  const factors = [
    `const scale = ${number('gradient scale', read.gradientScale)}`,
    `const decay = f64x2.mul(${number('decay', read.decay)}, f64x2.splat(2))`,
  ]
  const decayed = decayBias ? dimension : layers.reduce((sum, { weights }) => sum + weights, 0)
  const finish = decayBias
    ? [`finishDecayed(vector, into, ${dimension}, scale, decay)`]
    : layers.flatMap(({ offset, weights, outputs }) => [
        `finishDecayed(vector + ${16 * offset}, into + ${16 * offset}, ${weights}, scale, decay)`,
        ...(biases ? [`finishPlain(into + ${16 * (offset + weights)}, ${outputs}, scale)`] : []),
      ])
  return [
    'import {',
    '  addProducts, addTraces, bendTangents, bendUnits, clearRows, errorTangents, finalOutputs, oneUnit, pass,',
    '  squareInputs, sumSamples, sumTangents,',
    "} from './tangents'",
    written('function derive(theta: usize, samples: i32, x: usize): void', derive),
    written('export function hessianTimes(theta: usize, vector: usize, into: usize): void', [
      `clear(into, ${dimension})`,
      ...overTiles(product),
      ...factors,
      ...finish,
    ]),
    written('export function traceOf(theta: usize): v128', [
      'let total = f64x2.splat(NOTHING)',
      ...overTiles([
        cleared(changes.traces, 1),
        ...trace,
        `total = sumSamples(total, ${row(changes.traces)}, samples)`,
      ]),
      ...factors,
      `return f64x2.add(f64x2.mul(scale, total), f64x2.mul(decay, f64x2.splat(${decayed})))`,
    ]),
  ]
}
