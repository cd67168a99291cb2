import type { NetworkLandscape } from '@driftfarm/spec'
import { Budget } from './budget.ts'

/** Weights and biases of one layer inside theta: W is `outputs` rows of `inputs`, then `outputs` biases if there are any. */
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

/**
 * Whether b is a reordering of the hidden units of a, with signs if `odd`, up to `tolerance` in Euclidean distance. A search
 * from the input on: once the units of one layer are matched, the incoming weights of the next are comparable, and a
 * unit is tried only where its incoming weights agree. The squared distance of what is matched only grows, which
 * cuts wrong branches at once; equal units branch, up to a budget.
 */
export function sameNetwork(
  { layers: widths, biases }: Pick<NetworkLandscape, 'layers' | 'biases'>,
  odd: boolean,
  a: Float64Array,
  b: Float64Array,
  tolerance: number,
): boolean {
  const layers = layersOf(widths, biases)
  const budget = new Budget()
  const most = tolerance * tolerance

  /** Matches unit `at` of layer k, whose inputs are matched by `incoming`; `used` and `images` hold the units before it. */
  const match = (
    k: number,
    at: number,
    incoming: readonly Image[],
    images: readonly Image[],
    spent: number,
  ): boolean => {
    const layer = layers[k]!
    const last = k === layers.length - 1
    if (at === layer.outputs) return last || match(k + 1, 0, images, [], spent)
    const candidates: readonly Image[] = last ? [{ unit: at, sign: 1 }] : unitsLeft(layer.outputs, images, odd)
    for (const image of candidates) {
      if (!budget.spend()) return false
      const distance = spent + squareOf(layer, incoming, image, at, a, b)
      if (distance <= most && match(k, at + 1, incoming, [...images, image], distance)) return true
    }
    return false
  }
  const inputs = Array.from({ length: widths[0]! }, (_, unit): Image => ({ unit, sign: 1 }))
  return match(0, 0, inputs, [], 0)
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
function squareOf(
  { inputs, weights, biases }: Layer,
  incoming: readonly Image[],
  { unit, sign }: Image,
  at: number,
  a: Float64Array,
  b: Float64Array,
): number {
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
