import type { NetworkLandscape } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory/shape.ts'
import { layersOf } from '../model/network.ts'
import { type Item, written } from './code/function.ts'
import { finishLines } from './network.ts'
import type { Numbers } from './numbers.ts'
import * as read from './readings.ts'
import { overTiles, rowsAt, tileOf } from './tile.ts'

/**
 * The indices of further rows of a tile, behind those of `tileOf`. For each layer: the errors, the changes of the
 * inputs, and the changes of the pre-activations, which are later replaced by the changes of the errors. For each
 * hidden layer: the bends. At the end: room for the outputs, and the sums of squared inputs.
 */
export function changesOf(landscape: NetworkLandscape) {
  const { rows: first, errors } = tileOf(landscape)
  let rows = first
  const take = (count: number) => {
    rows += count
    return rows - count
  }
  const hidden = landscape.layers.slice(1, -1)
  const last = landscape.layers.at(-1)!
  return {
    deltas: [...hidden.map(take), errors],
    bends: hidden.map(take),
    inputs: [0, ...hidden.map(take)],
    tangents: [...hidden, last].map(take),
    final: take(last),
    squares: take(1),
    count: rows - first,
  }
}

/** `hessianTimes` and `traceOf` of a network; the code of layers is in `assembly/tangents.ts`. */
export function networkCurvatureItems(landscape: NetworkLandscape, numbers: Numbers, places: ShapePlaces): Item[] {
  const { biases, decayBias, dimension } = landscape
  const layers = layersOf(landscape)
  const top = layers.length - 1
  const width = landscape.layers.at(-1)!
  const tile = tileOf(landscape)
  const changes = changesOf(landscape)
  const rowAt = rowsAt(landscape, places.work)
  const row = (index: number) => String(rowAt(index))
  const tangents = (k: number) => row(changes.tangents[k]!)
  /** How a function names the place of the inputs of a layer, and the place. */
  const inputsOf = (k: number) => (k === 0 ? ['FromData', 'x'] : ['FromRows', row(tile.values[k]!)])
  const ahead = (k: number, more: boolean) => {
    const { offset, inputs, outputs } = layers[k]!
    const from = row(changes.inputs[k]!)
    const sizes = `${from}, ${inputs}, ${tangents(k)}, ${outputs}, samples, ${more}`
    return [
      `pass(${row(tile.before[k - 1]!)}, ${tangents(k - 1)}, ${from}, ${inputs})`,
      `products(theta + ${16 * offset}, 16, ${16 * inputs}, ${sizes})`,
    ]
  }
  /** For each input of a layer, the sum over the units behind it. */
  const back = (k: number, weights: string, from: number, to: number, more = false) => {
    const { offset, inputs, outputs } = layers[k]!
    const sizes = `${row(from)}, ${outputs}, ${row(to)}, ${inputs}, samples, ${more}`
    return `products(${weights} + ${16 * offset}, ${16 * inputs}, 16, ${sizes})`
  }
  const bent = (k: number) => {
    const rows = [tile.before[k]!, changes.bends[k]!, changes.inputs[k + 1]!, changes.tangents[k]!].map(row)
    return `bendTangents(${rows.join(', ')}, ${layers[k]!.outputs})`
  }
  const outputRows = [tile.before[top]!, tile.targets, changes.final, changes.tangents[top]!].map(row)
  const errors = `errorTangents(${outputRows.join(', ')}, ${width}, samples)`
  const downFrom = (k: number) => Array.from({ length: k }, (_, i) => k - i)
  const overData = (each: readonly string[]) => [
    ...overTiles('<i32>load<f64>(ROWS)', [
      'const x = samplesAt(first, samples)',
      `fill(${row(tile.targets)}, x, samples, ${landscape.layers[0]!}, ${width})`,
      'derive(theta, samples, x)',
      ...each,
    ]),
    `const scale = v128.load64_splat(NUMBERS, ${8 * numbers.named('gradient scale', read.gradientScale)})`,
    `const decay = f64x2.mul(v128.load64_splat(NUMBERS, ${8 * numbers.named('decay', read.decay)}), f64x2.splat(2))`,
  ]
  const derive = [
    'forward(theta, samples, x)',
    `errors(${row(tile.before[top]!)}, ${row(tile.targets)}, ${row(tile.errors)}, ${width}, samples)`,
    ...downFrom(top).flatMap((k) => {
      const rows = [tile.values[k]!, tile.before[k - 1]!, changes.deltas[k - 1]!, changes.bends[k - 1]!].map(row)
      return [
        back(k, 'theta', changes.deltas[k]!, changes.deltas[k - 1]!),
        `bendUnits(${rows.join(', ')}, ${layers[k]!.inputs})`,
      ]
    }),
  ]
  const sum = (to: string, k: number, deltas: string, [place, from]: readonly string[]) => {
    const { offset, inputs, outputs } = layers[k]!
    return `sumLayer<${place}>(${to} + ${16 * offset}, ${deltas}, ${from}, ${inputs}, ${outputs}, samples)`
  }
  const product = [
    ...layers.flatMap(({ offset, inputs, outputs }, k) => {
      const [place, from] = inputsOf(k)
      const own = `vector + ${16 * offset}, ${from}, ${tangents(k)}, ${inputs}, ${outputs}, samples`
      return [`dense<${place}>(${own})`, ...(k === 0 ? [] : ahead(k, true))]
    }),
    errors,
    ...downFrom(top).flatMap((k) => {
      const moved = changes.inputs[k]!
      return [
        sum('into', k, tangents(k), inputsOf(k)),
        sum('PRODUCT_VECTORS', k, row(changes.deltas[k]!), ['FromRows', row(moved)]),
        back(k, 'theta', changes.tangents[k]!, moved),
        back(k, 'vector', changes.deltas[k]!, moved, true),
        bent(k - 1),
      ]
    }),
    sum('into', 0, tangents(0), inputsOf(0)),
  ]
  // Each unit has a sum over samples, and with biases a second one, which `sumLayer` appends.
  const sums = biases ? 2 : 1
  let units = 0
  const trace = layers.flatMap(({ inputs, outputs }, k) => {
    const [place, from] = inputsOf(k)
    const above = downFrom(top).filter((m) => m > k)
    const at = `PRODUCT_VECTORS + <usize>(${units} + unit) * ${16 * sums}`
    units += outputs
    const lines = [
      `oneUnit(${tangents(k)}, unit, ${outputs})`,
      ...above.toReversed().flatMap((m) => ahead(m, false)),
      errors,
      ...above.flatMap((m) => [back(m, 'theta', changes.tangents[m]!, changes.inputs[m]!), bent(m - 1)]),
      `sumLayer<FromRows>(${at}, ${tangents(k)} + <usize>unit * TILE_ROW, ${row(changes.squares)}, 1, 1, samples)`,
    ]
    return [
      `squareInputs<${place}>(${from}, ${row(changes.squares)}, ${inputs}, samples)`,
      `for (let unit = 0; unit < ${outputs}; unit++) {`,
      ...lines.map((line) => `  ${line}`),
      '}',
    ]
  })
  const decayed = decayBias ? dimension : layers.reduce((sum, { weights }) => sum + weights, 0)
  const total = `f64x2.mul(scale, totalOf(PRODUCT_VECTORS, ${sums * units}))`
  return [
    "import { bendTangents, bendUnits, errorTangents, oneUnit, pass, products } from './tangents'",
    "import { squareInputs, totalOf } from './tangents'",
    "import { addTo } from './coordinates'",
    written('function derive(theta: usize, samples: i32, x: usize): void', derive),
    written('export function hessianTimes(theta: usize, vector: usize, into: usize): void', [
      `clear(into, ${dimension})`,
      `clear(PRODUCT_VECTORS, ${dimension})`,
      ...overData(product),
      ...layers
        .slice(1)
        .map(
          ({ offset, weights }) => `addTo(into + ${16 * offset}, PRODUCT_VECTORS + ${16 * offset}, ${16 * weights})`,
        ),
      ...finishLines(landscape, 'vector', 'into'),
    ]),
    written('export function traceOf(theta: usize): v128', [
      `clear(PRODUCT_VECTORS, ${sums * units})`,
      ...overData(trace),
      `return f64x2.add(${total}, f64x2.mul(decay, f64x2.splat(${decayed})))`,
    ]),
  ]
}
