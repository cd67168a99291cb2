import type { Landscape } from '@driftfarm/spec'
import type { Model } from './model.ts'
import { layersOf } from './network.ts'
import { usedQuantities } from './quantities.ts'

/** rho(-z) = -rho(z). */
export const oddActivations: ReadonlySet<string> = new Set(['tanh', 'sin', 'identity'])
const homogeneous: ReadonlySet<string> = new Set(['relu', 'leaky-relu', 'identity'])

/**
 * The units of a hidden layer, by the indices of their weights in theta. The incoming weights of unit i begin at
 * `into + i * inputs`. Its bias is at `biases + i`, unless `hasBiases` is false. It has `outputs` outgoing weights; the
 * one to unit k of the next layer is at `out + k * units + i`.
 */
export type HiddenLayer = Symmetry['layers'][number]
export type Symmetry = NonNullable<ReturnType<typeof symmetryOf>>

/**
 * Changes of theta that leave the loss as it is: those of the order of units, and those of single units. `isOdd`: all
 * weights of a unit may change their sign. `isScaled`: incoming weights may be multiplied by a positive factor, and
 * outgoing weights divided by it. `isHomogeneous`: they may be if the loss has no weight decay, which fixes the scale.
 * Null without hidden units. Outgoing weights of a population network are 1.
 */
export function symmetryOf(landscape: Landscape) {
  if (landscape.kind === 'formula') return null
  if (landscape.kind === 'population') {
    const { neurons: units, inputs } = landscape
    const layer = { units, inputs, into: 0, hasBiases: false, biases: 0, outputs: 0, out: 0 }
    return { layers: [layer], isOdd: false, isScaled: false, isHomogeneous: false }
  }
  const { biases, activation, decay } = landscape
  const layers = layersOf(landscape)
  const hidden = layers.slice(0, -1).map(({ offset, inputs, outputs: units, weights }, k) => {
    const { offset: out, outputs } = layers[k + 1]!
    return { units, inputs, into: offset, hasBiases: biases, biases: offset + weights, outputs, out }
  })
  if (hidden.length === 0) return null
  const isHomogeneous = homogeneous.has(activation)
  return {
    layers: hidden,
    isOdd: oddActivations.has(activation),
    isScaled: isHomogeneous && decay === 0,
    isHomogeneous,
  }
}

/** The symmetry by which a cell compares points; null if it compares them as they are. */
export function matchedSymmetry(model: Model): Symmetry | null {
  const { landscape, trial } = model.cell
  const isUsed = comparesModulo(trial) || usedQuantities(model).has('matchedbarrier')
  return isUsed ? symmetryOf(landscape) : null
}

export function comparesModulo({ escape }: Model['cell']['trial']): boolean {
  return escape?.kind === 'basin' && escape.modulo !== undefined
}

export const largestLayer = ({ layers }: Symmetry): number => Math.max(...layers.map(({ units }) => units))
