import type { Activation, NetworkLandscape, PopulationLandscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { ranges } from '../schema/range.ts'
import { holderOf, resolveBatch } from './batch.ts'
import { type NetworkData, networkData } from './data.ts'
import type { Frame } from './frame.ts'
import { refuseOthers } from './keys.ts'
import type { Scope } from './scope.ts'

const populationKeys = ['population', 'neurons', 'teachers', 'dimension', 'minima']
const layerKeys = [
  ...['layers', 'activation', 'output', 'loss', 'biases', 'decay', 'decayBias'],
  ...['data', 'batch', 'sampling', 'minima'],
]

export interface ResolvedNetwork {
  readonly landscape: NetworkLandscape | PopulationLandscape
  readonly data: DataTable | null
}

export function resolveNetwork(scope: Scope, landscape: Frame): ResolvedNetwork {
  const frame = landscape.inner('network')
  if (frame.get('population') === undefined) return layered(scope, frame, landscape)
  refuseOthers(frame, populationKeys, `a population has ${populationKeys.join(', ')} and no data`)
  refuseOthers(landscape, ['network', 'minima'], 'a population has no data: the mean over its inputs is in closed form')
  return { landscape: population(scope, frame), data: null }
}

function population(scope: Scope, frame: Frame): PopulationLandscape {
  const neurons = scope.number(frame, 'neurons', ranges.dimension)
  const teachers = scope.number(frame, 'teachers', ranges.dimension, neurons)
  const inputs = scope.number(frame, 'dimension', ranges.dimension, neurons)
  if (teachers > inputs) {
    const expected = `at most ${inputs}, the dimension: the weights of the teachers are orthonormal`
    throw new Mistake('OUT_OF_RANGE', frame.at('teachers'), { value: teachers, expected })
  }
  const dimension = neurons * inputs
  if (dimension > limits.dimension) {
    const value = `${neurons} neurons of dimension ${inputs}`
    throw new Mistake('TOO_MANY_DIMENSIONS', frame.at('neurons'), { value, limit: `${limits.dimension} dimensions` })
  }
  return {
    kind: 'population',
    dimension,
    variables: null,
    parameters: [],
    activation: 'relu',
    neurons,
    teachers,
    inputs,
  }
}

function layered(scope: Scope, frame: Frame, landscape: Frame): ResolvedNetwork {
  refuseOthers(frame, layerKeys, 'neurons, teachers and dimension belong to {population: relu}')
  refuseOthers(landscape, ['network', 'minima', 'data', 'batch', 'sampling'], 'a network has no such key')
  const layers = widths(scope, frame)
  const biases = flag(frame, 'biases')
  const dimension = parameterCount(layers, biases)
  if (dimension > limits.networkDimension) {
    const value = `a network of ${dimension} weights and biases`
    const limit = `${limits.networkDimension} weights and biases`
    throw new Mistake('TOO_MANY_DIMENSIONS', frame.at('layers'), { value, limit })
  }
  const output = (frame.get('output') as NetworkLandscape['output'] | undefined) ?? 'identity'
  const loss = (frame.get('loss') as NetworkLandscape['loss'] | undefined) ?? 'mse'
  checkOutput(frame, output, loss, layers)
  const holder = holderOf('data', frame, landscape)
  if (holder === null) throw new Mistake('MISSING', frame.at('data'), { expected: 'data, such as {preset: xor}' })
  const data = networkData(scope, holder.inner('data'))
  checkWidths(frame, layers, data)
  if (loss === 'cross-entropy') checkShares(holder, data)
  const { hash, rows } = data.table
  return {
    data: data.table,
    landscape: {
      kind: 'network',
      dimension,
      variables: null,
      parameters: [],
      layers,
      activation: (frame.get('activation') as Activation | undefined) ?? 'tanh',
      output,
      loss,
      biases,
      decay: scope.number(frame, 'decay', ranges.nonNegative, 0),
      decayBias: flag(frame, 'decayBias'),
      data: { hash, rows },
      batch: resolveBatch(scope, frame, landscape, rows),
    },
  }
}

function flag(frame: Frame, key: string): boolean {
  return frame.get(key) !== false
}

function widths(scope: Scope, frame: Frame): readonly number[] {
  const list = frame.inner('layers')
  const written = frame.get('layers')
  const expected = 'the widths [inputs, .., outputs], at least two, or population: relu'
  if (written === undefined) throw new Mistake('MISSING', frame.at('layers'), { expected })
  const layers = (list.object as readonly unknown[]).map((_, i) => scope.number(list, i, ranges.width))
  if (layers.length < 2) throw new Mistake('OUT_OF_RANGE', frame.at('layers'), { value: written, expected })
  return layers
}

function parameterCount(layers: readonly number[], biases: boolean): number {
  return layers.slice(1).reduce((sum, width, k) => sum + width * (layers[k]! + (biases ? 1 : 0)), 0)
}

function checkOutput(
  frame: Frame,
  output: NetworkLandscape['output'],
  loss: NetworkLandscape['loss'],
  layers: readonly number[],
): void {
  if (loss === 'cross-entropy' && output === 'identity') {
    const details = { value: loss, reason: 'the outputs are no probabilities', hint: 'use output: sigmoid or softmax' }
    throw new Mistake('NETWORK', frame.at('loss'), details)
  }
  if (output === 'softmax' && layers.at(-1) === 1) {
    const details = {
      value: output,
      reason: 'of a single output it is always 1',
      hint: 'use output: sigmoid, or more outputs',
    }
    throw new Mistake('NETWORK', frame.at('output'), details)
  }
}

function checkWidths(frame: Frame, layers: readonly number[], { inputs, targets }: NetworkData): void {
  const at = (index: number) => [...frame.at('layers'), index]
  const last = layers.length - 1
  if (layers[0] !== inputs) {
    const expected = `${inputs}, the number of inputs of the data`
    throw new Mistake('OUT_OF_RANGE', at(0), { value: layers[0], expected })
  }
  if (layers[last] !== targets) {
    const expected = `${targets}, the number of targets of the data (a column of words counts as one a word)`
    throw new Mistake('OUT_OF_RANGE', at(last), { value: layers[last], expected })
  }
}

/** Targets of a cross-entropy are probabilities. */
function checkShares(holder: Frame, { table, inputs }: NetworkData): void {
  const wrong = table.values.findIndex((value, i) => i % table.columns >= inputs && !(value >= 0 && value <= 1))
  if (wrong < 0) return
  const row = Math.floor(wrong / table.columns)
  throw new Mistake('DATA', holder.at('data'), {
    value: table.values[wrong],
    reason: `target ${(wrong % table.columns) - inputs + 1} of sample ${row + 1} is no probability`,
    hint: 'targets of cross-entropy are from 0 to 1; use loss: mse for others',
  })
}
