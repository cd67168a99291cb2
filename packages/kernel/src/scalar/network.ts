import { elementary } from '@driftfarm/formula'
import { type Activation, type DataTable, type NetworkLandscape, rowReader } from '@driftfarm/spec'
import { layersOf, lossScales } from '../model/network.ts'
import { type LossFunction, type StepSample, sum } from './lossFunction.ts'
import { layerSums, networkCurvature, type SampleDerivatives } from './networkCurvature.ts'

const { exp, log, max, relu, sigmoid, softplus } = elementary

/** The function rho(z), rho'(z) as a function of z and a = rho(z), and rho''(z) as a function of a and s = rho'(z). */
const activations: Readonly<
  Record<
    Activation,
    [value: (z: number) => number, slope: (z: number, a: number) => number, bend: (a: number, s: number) => number]
  >
> = {
  tanh: [elementary.tanh, (_, a) => 1 - a * a, (a, s) => -2 * a * s],
  sigmoid: [sigmoid, (_, a) => a * (1 - a), (a, s) => s * (1 - 2 * a)],
  relu: [relu, (_, a) => (a > 0 ? 1 : 0), () => 0],
  'leaky-relu': [(z) => (z > 0 ? z : z * 0.01), (_, a) => (a > 0 ? 1 : 0.01), () => 0],
  softplus: [softplus, sigmoid, (_, s) => s * (1 - s)],
  sin: [elementary.sin, elementary.cos, (a) => -a],
  identity: [(z) => z, () => 1, () => 0],
}

/**
 * The loss of one sample. `errors` has the derivatives dloss/dz without the scale factor of the gradient, where z are
 * the pre-activations of the last layer.
 */
interface Judgement {
  readonly loss: number
  readonly errors: readonly number[]
  /** The change of the errors if z changes by `tangents`. */
  readonly errorTangents: (tangents: readonly number[]) => readonly number[]
}

function judge({ output, loss }: NetworkLandscape, z: readonly number[], targets: readonly number[]): Judgement {
  if (output === 'softmax') return judgeSoftmax(loss, z, targets)
  if (loss === 'cross-entropy') {
    const terms = z.map((value, i) => {
      const t = targets[i]!
      return relu(value) - t * value + softplus(-Math.abs(value))
    })
    const outputs = z.map(sigmoid)
    return {
      loss: sum(terms),
      errors: outputs.map((f, i) => f - targets[i]!),
      errorTangents: (tangents) => outputs.map((f, i) => f * (1 - f) * tangents[i]!),
    }
  }
  const outputs = output === 'sigmoid' ? z.map(sigmoid) : z
  const differences = outputs.map((f, i) => f - targets[i]!)
  return {
    loss: sum(differences.map((d) => d * d)),
    errors: output === 'sigmoid' ? differences.map((d, i) => d * (outputs[i]! * (1 - outputs[i]!))) : differences,
    errorTangents: (tangents) =>
      output === 'sigmoid'
        ? outputs.map((f, i) => {
            const s = f * (1 - f)
            return s * (s + differences[i]! * (1 - 2 * f)) * tangents[i]!
          })
        : tangents,
  }
}

function judgeSoftmax(loss: NetworkLandscape['loss'], z: readonly number[], targets: readonly number[]): Judgement {
  const most = z.reduce(max)
  const shifted = z.map((value) => value - most)
  const exponentials = shifted.map(exp)
  const normal = sum(exponentials)
  const outputs = exponentials.map((e) => e / normal)
  const outputTangents = (tangents: readonly number[]) => {
    const mean = sum(outputs.map((f, i) => f * tangents[i]!))
    return outputs.map((f, i) => f * (tangents[i]! - mean))
  }
  if (loss === 'cross-entropy') {
    const logNormal = log(normal)
    const total = sum(targets.slice())
    return {
      loss: sum(targets.map((t, i) => t * (logNormal - shifted[i]!))),
      errors: outputs.map((f, i) => total * f - targets[i]!),
      errorTangents: (tangents) => outputTangents(tangents).map((change) => total * change),
    }
  }
  const differences = outputs.map((f, i) => f - targets[i]!)
  const along = sum(differences.map((d, i) => d * outputs[i]!))
  return {
    loss: sum(differences.map((d) => d * d)),
    errors: differences.map((d, i) => outputs[i]! * (d - along)),
    errorTangents: (tangents) => {
      const changes = outputTangents(tangents)
      const alongChange = sum(changes.map((change, i) => change * (outputs[i]! + differences[i]!)))
      return changes.map((change, i) => change * (differences[i]! - along) + outputs[i]! * (change - alongChange))
    },
  }
}

/**
 * Whether the predicted class is right. The output function gamma does not change the order of the values z, so it is
 * not applied. An output that is NaN is never the largest.
 */
function isRight({ output }: NetworkLandscape, z: readonly number[], targets: readonly number[]): boolean {
  if (z.length > 1) return firstLargest(z) === firstLargest(targets)
  const half = output === 'sigmoid' ? 0 : 0.5
  return targets[0]! >= 0.5 ? z[0]! >= half : z[0]! < half
}

/** -1 if no value is above -Infinity. */
function firstLargest(values: readonly number[]): number {
  let [most, index] = [Number.NEGATIVE_INFINITY, -1]
  values.forEach((value, i) => {
    if (value > most) [most, index] = [value, i]
  })
  return index
}

export function networkLoss(landscape: NetworkLandscape, table: DataTable): LossFunction {
  const { layers: widths, biases, decay, decayBias } = landscape
  const { rows } = landscape.data
  const layers = layersOf(landscape)
  const top = layers.length - 1
  const [value, slope, bend] = activations[landscape.activation]
  const first = widths[0]!
  const read = rowReader(table)
  const sample = (row: number): StepSample => ({ values: read(row), factors: [] })
  const isDecayed = new Array<boolean>(landscape.dimension).fill(decayBias)
  for (const { offset, weights } of layers) isDecayed.fill(true, offset, offset + weights)

  /**
   * For each layer, the inputs (`values`), the pre-activations z (`before`), and the derivatives of the inputs of the
   * next layer by z (`slopes`).
   */
  const forward = (theta: Float64Array, sample: StepSample) => {
    let values = Array.from(sample.values.subarray(0, first))
    return layers.map((own, k) => {
      const before = layerSums(own, theta, values, biases ? theta.subarray(own.offset + own.weights) : undefined)
      const activated = before.map(value)
      const factors = sample.factors[k] ?? null
      const kept = (terms: number[]) =>
        factors === null ? terms : terms.map((term, i) => (factors[i] === 0 ? 0 : term * factors[i]!))
      const layer = { values, before, slopes: () => kept(activated.map((a, i) => slope(before[i]!, a))) }
      values = kept(activated)
      return layer
    })
  }
  const targetsOf = ({ values }: StepSample) => Array.from(values.subarray(first))
  const outputsOf = (theta: Float64Array, own: StepSample) => forward(theta, own)[top]!.before

  /** `pulled` are the derivatives of the loss by the values of the hidden layers. */
  const backward = (theta: Float64Array, own: StepSample) => {
    const states = forward(theta, own)
    const { errors, errorTangents } = judge(landscape, states[top]!.before, targetsOf(own))
    const slopes: number[][] = []
    const pulled: number[][] = []
    const deltas: (readonly number[])[] = []
    deltas[top] = errors
    for (let k = top; k > 0; k--) {
      const below = states[k - 1]!.slopes()
      const sums = layerSums(layers[k]!, theta, deltas[k]!, undefined, true)
      slopes[k - 1] = below
      pulled[k - 1] = sums
      deltas[k - 1] = sums.map((x, j) => x * below[j]!)
    }
    return { values: states.map(({ values }) => values), slopes, pulled, deltas, errors: errorTangents }
  }

  const meanLoss = (theta: Float64Array, samples?: readonly StepSample[]) => {
    const losses = Array.from({ length: samples?.length ?? rows }, (_, row) => {
      const own = samples?.[row] ?? sample(row)
      return judge(landscape, outputsOf(theta, own), targetsOf(own)).loss
    })
    return sum(losses) / lossScales(landscape, losses.length).terms
  }
  function* derivatives(theta: Float64Array): Iterable<SampleDerivatives> {
    for (let row = 0; row < rows; row++) {
      const { pulled, ...at } = backward(theta, sample(row))
      const bends = pulled.map((sums, k) => sums.map((x, j) => x * bend(at.values[k + 1]![j]!, at.slopes[k]![j]!)))
      yield { ...at, bends }
    }
  }

  return {
    loss(theta) {
      const squares = Array.from(theta, (x) => x * x).filter((_, i) => isDecayed[i])
      return meanLoss(theta) + decay * sum(squares)
    },
    gradient(theta, into, samples) {
      into.fill(-0)
      const count = samples?.length ?? rows
      for (let row = 0; row < count; row++) {
        const { values, deltas } = backward(theta, samples?.[row] ?? sample(row))
        for (const [k, { offset, inputs, weights }] of layers.entries()) {
          deltas[k]!.forEach((delta, i) => {
            for (const [j, x] of values[k]!.entries()) into[offset + i * inputs + j]! += delta * x
            if (biases) into[offset + weights + i]! += delta
          })
        }
      }
      const { gradient: scale } = lossScales(landscape, count)
      for (let i = 0; i < into.length; i++) {
        into[i] = isDecayed[i] ? scale * into[i]! + 2 * decay * theta[i]! : scale * into[i]!
      }
    },
    sample,
    curvature: networkCurvature(landscape, isDecayed, derivatives),
    scores: {
      loss: meanLoss,
      accuracy(theta) {
        const isRightIn = (own: StepSample) => isRight(landscape, outputsOf(theta, own), targetsOf(own))
        return Array.from({ length: rows }, (_, row) => isRightIn(sample(row))).filter(Boolean).length / rows
      },
    },
  }
}
