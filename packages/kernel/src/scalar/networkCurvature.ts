import type { NetworkLandscape } from '@driftfarm/spec'
import { type Layer, layersOf, lossScales } from '../model/network.ts'
import { type Curvature, sum } from './lossFunction.ts'

/**
 * The derivatives at one sample. All lists but `errors` have an entry for each layer. `values` are the inputs of the
 * layer, and `deltas` the derivatives of the loss by its pre-activations z. For a hidden layer, `slopes` are rho'(z),
 * and `bends` are rho''(z) times the derivatives by rho(z).
 */
export interface SampleDerivatives {
  readonly values: readonly (readonly number[])[]
  readonly slopes: readonly (readonly number[])[]
  readonly bends: readonly (readonly number[])[]
  readonly deltas: readonly (readonly number[])[]
  /** Replaces a change of the outputs before gamma by the change of the errors. */
  readonly errors: (tangents: readonly number[]) => readonly number[]
}

/** `begun`, plus the products of the weights with `from`: for each output, or for each input if `isBack`. */
export function layerSums(
  { offset, inputs, outputs }: Layer,
  weights: Float64Array,
  from: readonly number[],
  begun?: ArrayLike<number>,
  isBack = false,
): number[] {
  const [next, along] = isBack ? [1, inputs] : [inputs, 1]
  return Array.from({ length: isBack ? inputs : outputs }, (_, to) => {
    const products = from.map((x, k) => weights[offset + to * next + k * along]! * x)
    return sum(begun === undefined ? products : [begun[to]!, ...products])
  })
}

type Rows = (theta: Float64Array) => Iterable<SampleDerivatives>

/**
 * Products with the Hessian by differentiating forward and backward passes along the vector (Pearlmutter 1994, Fast
 * exact multiplication by the Hessian). The trace needs no products: in a layer, it is the sum over units of the second
 * derivative by z_i, times the sum of squared inputs, where the bias counts as an input of 1.
 */
export function networkCurvature(landscape: NetworkLandscape, isDecayed: readonly boolean[], over: Rows): Curvature {
  const { biases, decay } = landscape
  const layers = layersOf(landscape)
  const top = layers.length - 1
  const { gradient: scale } = lossScales(landscape, landscape.data.rows)

  /** The change of the deltas below a layer. */
  const bent = (at: SampleDerivatives, k: number, pulled: readonly number[], tangents: readonly number[]) =>
    pulled.map((x, j) => at.slopes[k]![j]! * x + at.bends[k]![j]! * tangents[j]!)

  /** Adds changes of errors times inputs to `into`, and errors times changes of inputs to `others`. */
  const addProduct = (
    at: SampleDerivatives,
    theta: Float64Array,
    vector: Float64Array,
    into: Float64Array,
    others: Float64Array,
  ) => {
    const tangents: (readonly number[])[] = []
    const pushed: (readonly number[])[] = []
    for (const [k, layer] of layers.entries()) {
      const first = biases ? vector.subarray(layer.offset + layer.weights) : undefined
      const own = layerSums(layer, vector, at.values[k]!, first)
      if (k > 0) pushed[k] = tangents[k - 1]!.map((x, j) => at.slopes[k - 1]![j]! * x)
      tangents.push(k === 0 ? own : layerSums(layer, theta, pushed[k]!, own))
    }
    let changes = at.errors(tangents[top]!)
    for (let k = top; k >= 0; k--) {
      const { offset, inputs, weights } = layers[k]!
      changes.forEach((change, i) => {
        for (const [j, x] of at.values[k]!.entries()) {
          into[offset + i * inputs + j]! += change * x
          if (k > 0) others[offset + i * inputs + j]! += at.deltas[k]![i]! * pushed[k]![j]!
        }
        if (biases) into[offset + weights + i]! += change
      })
      if (k === 0) break
      const begun = layerSums(layers[k]!, theta, changes, undefined, true)
      const pulled = layerSums(layers[k]!, vector, at.deltas[k]!, begun, true)
      changes = bent(at, k - 1, pulled, tangents[k - 1]!)
    }
  }

  /** For each unit, adds to the sum for its weights, and to the sum for its bias. */
  const addTraces = (at: SampleDerivatives, theta: Float64Array, sums: Float64Array) => {
    let next = 0
    for (const [k, { outputs }] of layers.entries()) {
      const squares = sum(at.values[k]!.map((x) => x * x))
      for (let unit = 0; unit < outputs; unit++) {
        const tangents: (readonly number[])[] = []
        tangents[k] = Array.from({ length: outputs }, (_, i) => (i === unit ? 1 : 0))
        for (let m = k; m < top; m++)
          tangents[m + 1] = layerSums(
            layers[m + 1]!,
            theta,
            tangents[m]!.map((x, j) => at.slopes[m]![j]! * x),
          )
        let changes = at.errors(tangents[top]!)
        for (let m = top; m > k; m--)
          changes = bent(at, m - 1, layerSums(layers[m]!, theta, changes, undefined, true), tangents[m - 1]!)
        sums[next++]! += changes[unit]! * squares
        if (biases) sums[next++]! += changes[unit]!
      }
    }
  }

  return {
    product(theta, vector, into) {
      const others = new Float64Array(into.fill(-0))
      for (const at of over(theta)) addProduct(at, theta, vector, into, others)
      for (let i = 0; i < into.length; i++) {
        const total = scale * (into[i]! + others[i]!)
        into[i] = isDecayed[i] ? total + 2 * decay * vector[i]! : total
      }
    },
    trace(theta) {
      const decayed = isDecayed.filter(Boolean).length
      const units = layers.reduce((count, { outputs }) => count + outputs, 0)
      const sums = new Float64Array(biases ? 2 * units : units).fill(-0)
      for (const at of over(theta)) addTraces(at, theta, sums)
      return scale * sum(sums) + 2 * decay * decayed
    },
  }
}
