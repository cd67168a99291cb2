import type { NetworkLandscape } from '@driftfarm/spec'
import { Budget } from './budget.ts'

/**
 * Weights and biases of one layer inside theta: W is `outputs` rows of `inputs`, then `outputs` biases if there are
 * any.
 */
interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: number
  /** Offset of the biases; null without. */
  readonly biases: number | null
}

/** A unit of b stands for this one of a, with this sign. */
interface Image {
  readonly unit: number
  readonly sign: 1 | -1
}

/** A layer some of whose units are matched. */
interface Matched {
  /** Number of the layer. */
  readonly k: number
  /** Of its inputs, all of them. */
  readonly incoming: readonly Image[]
  /** Of its units, as far as they are matched. */
  readonly images: readonly Image[]
  /** Squared distance of all that is matched. */
  readonly spent: number
}

/** A unit of b, `at`, and what may stand for it in a. */
interface Pair extends Pick<Matched, 'incoming'> {
  readonly layer: Layer
  readonly image: Image
  readonly at: number
}

/**
 * Whether b is a reordering of the hidden units of a, with signs if `odd`, up to `tolerance` in Euclidean distance. A
 * search from the input on: once the units of one layer are matched, the incoming weights of the next are comparable,
 * and a unit is tried only where its incoming weights agree. The squared distance of what is matched only grows, which
 * cuts wrong branches at once; equal units branch, up to a budget.
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

  /** Goes on from units that are matched already. */
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

/** Squared distance between the incoming weights of unit `at` of b and those of its image in a. */
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
