import {
  type Activation,
  type Batch,
  type DataTable,
  dataTable,
  type FormulaLandscape,
  type NetworkLandscape,
  type PopulationLandscape,
} from '@driftfarm/spec'
import { layersOf } from '../model/network.ts'
import { Xoshiro } from '../streams/xoshiro.ts'

/** Uniform numbers for tests, the same each time. */
export function uniforms(seed: number): () => number {
  const stream = new Xoshiro(Uint32Array.from([seed, 1, 2, 3, 4, 5, 6, 7]))
  for (let i = 0; i < 20; i++) stream.next()
  return () => stream.uniform()
}

/** Samples in -1 .. 1; targets 0 .. 1 that sum to 1 where there are several, as for softmax. */
export function randomSamples(rows: number, inputs: number, targets: number, seed = 1): DataTable {
  const next = uniforms(seed)
  const values: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inputs; i++) values.push(2 * next() - 1)
    const weights = Array.from({ length: targets }, next)
    const total = targets === 1 ? 1 : weights.reduce((sum, weight) => sum + weight)
    values.push(...weights.map((weight) => weight / total))
  }
  return dataTable(rows, inputs + targets, values)
}

export const xor = dataTable(4, 3, [0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0])

export function network(
  layers: readonly number[],
  data: DataTable,
  options: Partial<NetworkLandscape> = {},
): NetworkLandscape {
  const biases = options.biases ?? true
  const last = layersOf({ layers, biases }).at(-1)!
  return {
    kind: 'network',
    dimension: last.offset + last.weights + (biases ? last.outputs : 0),
    variables: null,
    parameters: [],
    layers,
    activation: 'tanh',
    output: 'identity',
    loss: 'mse',
    biases,
    decay: 0,
    decayBias: true,
    data: { hash: data.hash, rows: data.rows },
    batch: null,
    ...options,
  }
}

export function population(neurons: number, teachers: number, inputs: number): PopulationLandscape {
  return {
    kind: 'population',
    dimension: neurons * inputs,
    variables: null,
    parameters: [],
    activation: 'relu',
    neurons,
    teachers,
    inputs,
  }
}

/** The mean of an expression over samples. */
export function sampledFormula(
  coordinates: readonly string[] | number,
  expression: string,
  columns: readonly string[],
  data: DataTable,
  options: Partial<FormulaLandscape> = {},
): FormulaLandscape {
  const named = typeof coordinates !== 'number'
  return {
    kind: 'formula',
    dimension: named ? coordinates.length : coordinates,
    variables: named ? coordinates : null,
    expression,
    parameters: [],
    data: { hash: data.hash, rows: data.rows, columns },
    batch: null,
    ...options,
  }
}

export const activationNames: readonly Activation[] = [
  'tanh',
  'sigmoid',
  'relu',
  'leaky-relu',
  'softplus',
  'sin',
  'identity',
]
export const endings = [
  ['identity', 'mse'],
  ['sigmoid', 'mse'],
  ['sigmoid', 'cross-entropy'],
  ['softmax', 'mse'],
  ['softmax', 'cross-entropy'],
] as const
export const batches = (size: number): readonly (Batch | null)[] => [
  null,
  { size, sampling: 'replacement' },
  { size, sampling: 'shuffle' },
]

/** A start with entries in -size .. size. */
export function randomStart(dimension: number, size: number, seed: number): number[] {
  const next = uniforms(seed)
  return Array.from({ length: dimension }, () => size * (2 * next() - 1))
}
