import type { NetworkLandscape } from '@driftfarm/spec'
import { Budget } from './budget.ts'

/** `weights` and `biases` are offsets in theta. The weights form `outputs` rows of `inputs` entries. */
interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: number
  readonly biases: number | null
}

/** The unit of network a that corresponds to a unit of network b, and the relative sign. */
interface Image {
  readonly unit: number
  readonly sign: 1 | -1
}

interface Matched {
  readonly k: number
  readonly incoming: readonly Image[]
  readonly images: readonly Image[]
  /** Squared distance. */
  readonly spent: number
}

/** Unit `at` of network b and a candidate unit of network a. */
interface Pair extends Pick<Matched, 'incoming'> {
  readonly layer: Layer
  readonly image: Image
  readonly at: number
}

/**
 * Returns whether the hidden units of network a can be reordered (and, if `odd`, their signs changed) so that its
 * Euclidean distance from network b is at most `tolerance`. The search matches one unit after the other. The squared
 * distance of the matched part never decreases, so a wrong branch of the search ends early. If the search exceeds the
 * maximum number of branches, the result is false.
 */
export function sameNetwork(
  { layers: widths, biases, odd }: Pick<NetworkLandscape, 'layers' | 'biases'> & { readonly odd: boolean },
  a: Float64Array,
  b: Float64Array,
  tolerance: number,
): boolean {
  const layers = layersOf(widths, biases)
  const budget = new Budget()
  const most = tolerance * tolerance

  const match = ({ k, incoming, images, spent }: Matched): boolean => {
    const layer = layers[k]!
    const at = images.length
    const last = k === layers.length - 1
    if (at === layer.outputs) return last || match({ k: k + 1, incoming: images, images: [], spent })
    const candidates: readonly Image[] = last ? [{ unit: at, sign: 1 }] : unitsLeft(layer.outputs, images, odd)
    for (const image of candidates) {
      if (!budget.spend()) return false
      const distance = spent + squareOf({ layer, incoming, image, at }, a, b)
      if (distance <= most && match({ k, incoming, images: [...images, image], spent: distance })) return true
    }
    return false
  }
  const inputs = Array.from({ length: widths[0]! }, (_, unit): Image => ({ unit, sign: 1 }))
  return match({ k: 0, incoming: inputs, images: [], spent: 0 })
}

function layersOf(widths: readonly number[], biases: boolean): readonly Layer[] {
  let offset = 0
  return widths.slice(1).map((outputs, k) => {
    const inputs = widths[k]!
    const weights = offset
    offset += inputs * outputs
    const at = biases ? offset : null
    if (biases) offset += outputs
    return { inputs, outputs, weights, biases: at }
  })
}

function unitsLeft(outputs: number, images: readonly Image[], odd: boolean): readonly Image[] {
  const used = new Set(images.map(({ unit }) => unit))
  const left: Image[] = []
  for (let unit = 0; unit < outputs; unit++) {
    if (used.has(unit)) continue
    left.push({ unit, sign: 1 })
    if (odd) left.push({ unit, sign: -1 })
  }
  return left
}

function squareOf({ layer, incoming, image, at }: Pair, a: Float64Array, b: Float64Array): number {
  const { inputs, weights, biases } = layer
  const { unit, sign } = image
  let sum = 0
  for (let i = 0; i < inputs; i++) {
    const from = incoming[i]!
    const difference = b[weights + at * inputs + i]! - sign * from.sign * a[weights + unit * inputs + from.unit]!
    sum += difference * difference
  }
  if (biases !== null) {
    const difference = b[biases + at]! - sign * a[biases + unit]!
    sum += difference * difference
  }
  return sum
}
