import * as z from 'zod'
import type { NetworkLandscape, PopulationLandscape } from '../cell.ts'
import { referenceTo, wrongRow } from '../data.ts'
import { dataMistake, Mistake, missing, outOfRange, overLimit } from '../errors.ts'
import { quantity, section, words } from '../field/field.ts'
import { type Frame, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { flag, number, readersOf, shapeOf, word } from '../field/section.ts'
import { checkLetNames, reservedNames } from '../field/vocabulary.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, once, validOrNull } from '../mistakes.ts'
import { holderOf, resolveBatch } from './batch.ts'
import { networkData } from './data.ts'
import { dataParts, dropout, pointParts } from './fields.ts'
import type { Sketch } from './formula.ts'
import { noMinima, type UnfilledLandscape, withOwnMinima } from './minima.ts'
import { type NetworkData, testOf } from './prepare.ts'
import { labelNoiseOfNetwork, resolveDropout } from './trainingNoise.ts'

const layerFields = {
  layers: z
    .array(quantity(ranges.width), { error: 'a list of widths' })
    .describe('Layer widths, from the inputs to the outputs.'),
  activation: word(
    ['tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity'],
    'Activation of the hidden layers.',
  ),
  output: word(['identity', 'sigmoid', 'softmax'], 'Activation of the output layer.'),
  loss: word(['mse', 'cross-entropy'], 'Loss function. cross-entropy requires that `output` is sigmoid or softmax.'),
  biases: flag('Whether the layers have biases.', true),
  decay: number(ranges.nonNegative, 'Weight decay: `decay` times |theta|^2 is added to the loss.', 0),
  decayBias: flag('Whether `decay` applies to biases too.', true),
  dropout: dropout,
  ...dataParts,
}

const populationShape = {
  population: words('relu').describe(
    'Instead of layers: a two-layer student that learns from a two-layer teacher with Gaussian inputs. The mean ' +
      'loss has a closed form.',
  ),
  neurons: quantity(ranges.dimension, 'Number of hidden units of the student, if `population` is set.'),
  teachers: quantity(
    ranges.dimension,
    'Number of hidden units of the teacher, if `population` is set. Default: the value of `neurons`.',
  ),
  dimension: quantity(ranges.dimension, 'Number of inputs, if `population` is set. Default: the value of `neurons`.'),
}

export const networkSchema = section([], { ...shapeOf(layerFields), ...populationShape, ...pointParts }).describe(
  'A feed-forward network on data, or a population loss.',
)

const populationKeys = Object.keys({ ...populationShape, ...pointParts })
const layerKeys = Object.keys({ ...layerFields, ...pointParts })

export function resolveNetwork(landscape: Frame): UnfilledLandscape {
  const frame = landscape.inner('network')
  const isPopulation = frame.peek('population') !== undefined
  const data = once(() => dataOf(landscape))
  const size = once(() => networkSize(landscape, data))
  const { made, minima } = collectParts({
    made: (): NetworkLandscape | PopulationLandscape =>
      isPopulation ? population(frame, landscape) : layered(landscape, data, size),
    minima: () => withOwnMinima([frame, landscape], noMinima, size()),
    lets: () => checkLetNames(landscape.scope, new Map(reservedNames)),
  })
  const vocabulary = { variables: null, dimension: made.dimension, parameters: new Set<string>() }
  return { landscape: made, minima, vocabulary }
}

function dataHolder(landscape: Frame): Frame {
  const frame = landscape.inner('network')
  const holder = holderOf('data', frame, landscape)
  if (holder !== null) return holder
  throw missing(frame.at('data'), 'data, such as {preset: xor}')
}

/** With softmax, a single target of integers has class labels. */
const dataOf = (landscape: Frame): NetworkData =>
  networkData(dataHolder(landscape).inner('data'), landscape.inner('network').peek('output') === 'softmax')

/** What is known of a network even if some of its values have mistakes. */
export function networkSketch(landscape: Frame): Sketch {
  const data = () => dataOf(landscape)
  const size = once(() => ({ variables: null, dimension: networkSize(landscape, data) }))
  return { holders: [landscape.inner('network'), landscape], size, parameterNames: () => [], known: () => noMinima }
}

/** Returns the dimension of theta. If the data can be read, the layers must fit them. */
function networkSize(landscape: Frame, data: () => NetworkData): number {
  const frame = landscape.inner('network')
  if (frame.get('population') !== undefined) return populationSize(frame).dimension
  const layers = widths(frame)
  const read = validOrNull(data)
  if (read !== null) checkWidths(landscape, layers, read)
  const dimension = parameterCount(layers, layerFields.biases.read(frame, 'biases'))
  if (dimension <= limits.networkDimension) return dimension
  const value = `a network of ${dimension} weights and biases`
  const limit = `${limits.networkDimension} weights and biases`
  throw overLimit('TOO_MANY_DIMENSIONS', frame.at('layers'), value, limit)
}

function population(frame: Frame, landscape: Frame): PopulationLandscape {
  const closed = 'a population network takes no data: the mean over its inputs is known in closed form'
  const { size } = collectParts({
    keys: () =>
      refuseUnknownKeys(frame, populationKeys, `a population network takes only ${populationKeys.join(', ')}`),
    beside: () => refuseUnknownKeys(landscape, ['network', 'minima', 'points'], closed),
    size: () => populationSize(frame),
  })
  const none = { variables: null, parameters: [] as const, activation: 'relu' as const }
  return { kind: 'population', ...none, ...size }
}

function populationSize(frame: Frame) {
  const neurons = frame.number('neurons', ranges.dimension)
  const teachers = frame.number('teachers', ranges.dimension, neurons)
  const inputs = frame.number('dimension', ranges.dimension, neurons)
  if (teachers > inputs) {
    const expected = `at most ${inputs} (the dimension), because the teachers have orthonormal weights`
    throw outOfRange(frame.at('teachers'), teachers, expected)
  }
  const dimension = neurons * inputs
  if (dimension > limits.dimension) {
    const value = `a population network with ${dimension} weights (neurons * dimension)`
    throw overLimit('TOO_MANY_DIMENSIONS', frame.at('neurons'), value, `${limits.dimension} weights`)
  }
  return { dimension, neurons, teachers, inputs }
}

function layered(landscape: Frame, data: () => NetworkData, dimension: () => number): NetworkLandscape {
  const frame = landscape.inner('network')
  const layers = once(() => widths(frame))
  const own = readersOf(layerFields, frame)
  const beside = ['network', ...Object.keys({ ...pointParts, ...dataParts })]
  const {
    checks: _,
    dropout: shares,
    labelNoise,
    ...values
  } = collectParts({
    checks: () =>
      collectParts({
        keys: () =>
          refuseUnknownKeys(frame, layerKeys, 'neurons, teachers and dimension are only for {population: relu}'),
        beside: () => refuseUnknownKeys(landscape, beside, 'a network does not take this key'),
        outputs: () => checkOutput(frame, own.output(), own.loss(), layers()),
        shares: () => {
          if (own.loss() === 'cross-entropy') checkShares(dataHolder(landscape), data())
        },
      }),
    dimension,
    layers,
    ...own,
    data,
    batch: () => resolveBatch(frame, landscape, () => data().table.rows),
    dropout: () => resolveDropout(frame, layers()),
    labelNoise: () => labelNoiseOfNetwork(frame, landscape, { loss: own.loss, data }),
  })
  landscape.scope.library.tables.use(values.data)
  const none = { variables: null, parameters: [] as const }
  return {
    kind: 'network',
    ...none,
    ...values,
    data: referenceTo(values.data),
    ...testOf(values.data),
    ...(shares !== null && { dropout: shares }),
    ...(labelNoise !== null && { labelNoise }),
  }
}

function widths(frame: Frame): readonly number[] {
  const list = frame.inner('layers')
  const written = frame.get('layers')
  const expected = 'at least two widths, [inputs, .., outputs], or use `population: relu` instead of `layers`'
  if (written === undefined) throw missing(frame.at('layers'), expected)
  const layers = collectEach(list.object as readonly unknown[], (_, i) => list.number(i, ranges.width))
  if (layers.length < 2) throw outOfRange(frame.at('layers'), written, expected)
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
  const fault = (key: 'loss' | 'output', value: string, reason: string, hint: string) =>
    new Mistake('NETWORK', frame.at(key), { value, reason, hint })
  if (loss === 'cross-entropy' && output === 'identity')
    throw fault('loss', loss, 'the outputs are not probabilities', 'use `output: sigmoid` or `output: softmax`')
  if (output === 'softmax' && layers.at(-1) === 1)
    throw fault('output', output, 'a single softmax output is always 1', 'use `output: sigmoid`, or more outputs')
}

function checkWidths(landscape: Frame, layers: readonly number[], data: NetworkData): void {
  const { inputs, targets, made } = data
  const at = (index: number) => [...landscape.inner('network').at('layers'), index]
  const last = layers.length - 1
  const ends = [
    [0, inputs, `${inputs}, the number of inputs of the data${made.inputs}`, null],
    [last, targets, `${targets}, the number of targets of the data${made.targets}`, labelHint(landscape, data)],
  ] as const
  // A single softmax output is a mistake of its own.
  const isSingle = layers[last] === 1 && landscape.inner('network').peek('output') === 'softmax'
  collectEach(isSingle ? ends.slice(0, 1) : ends, ([layer, width, expected, hint]) => {
    if (layers[layer] !== width) throw outOfRange(at(layer), layers[layer], expected, hint)
  })
}

/** A hint for a single target of whole numbers, if the output is not softmax. */
function labelHint(landscape: Frame, { targets, targetLabels }: NetworkData): string | null {
  if (targets !== 1 || landscape.inner('network').peek('output') === 'softmax') return null
  const count = targetLabels()
  return count === null
    ? null
    : `write 1, the number of targets of the data; if the ${count} different whole numbers of the target are class ` +
        `labels, write ${count} and \`output: softmax\``
}

/** The targets of a cross-entropy are probabilities. */
function checkShares(holder: Frame, { table, inputs }: NetworkData): void {
  const isShare = (value: number) => value >= 0 && value <= 1
  const wrong = wrongRow(table, inputs, (targets) => targets.every(isShare))
  if (wrong === null) return
  const at = wrong.values.findIndex((value) => !isShare(value))
  throw dataMistake(
    holder.at('data'),
    `target ${at + 1} of sample ${wrong.row + 1} is not a probability`,
    'targets of cross-entropy must be from 0 to 1; use `loss: mse` for other targets',
    wrong.values[at],
  )
}
