import type { Cell, NetworkLandscape } from '@driftfarm/spec'

export type Layer = ReturnType<typeof layersOf>[number]

/** The places of the layers in theta: first the weights, output by output, and then the biases. */
export function layersOf({ layers, biases }: Pick<NetworkLandscape, 'layers' | 'biases'>) {
  /** Index of the first coordinate of the layer, counted from 0. */
  let offset = 0
  return layers.slice(1).map((outputs, k) => {
    const inputs = layers[k]!
    const layer = { offset, inputs, outputs, weights: inputs * outputs }
    offset += layer.weights + (biases ? outputs : 0)
    return layer
  })
}

/** For each coordinate, the factor of eta by its layer; 1 if the update has no such factors. */
export function etaFactors({ landscape, update }: Cell): Float64Array {
  const factors = new Float64Array(landscape.dimension).fill(1)
  if (landscape.kind !== 'network') return factors
  for (const [k, { offset }] of layersOf(landscape).entries()) factors.fill(update.etaByLayer?.[k] ?? 1, offset)
  return factors
}

/**
 * Dropout in each hidden layer. A unit is left out if a random 32-bit number is below `threshold`; otherwise its value
 * is multiplied by `scale`. Without dropout, `threshold` is 0.
 */
export function keepingOf({ layers, dropout }: Pick<NetworkLandscape, 'layers' | 'dropout'>) {
  return layers.slice(1, -1).map((units, k) => {
    const p = dropout?.[k] ?? 0
    return { units, threshold: Math.min(Math.round(p * 2 ** 32), 2 ** 32 - 1), scale: 1 / (1 - p) }
  })
}

/** The loss is a sum over samples and outputs, divided by `terms`. A gradient is a sum, multiplied by `gradient`. */
export function lossScales({ layers, output, loss }: NetworkLandscape, samples: number) {
  const terms = samples * (output === 'softmax' && loss === 'cross-entropy' ? 1 : layers.at(-1)!)
  return { terms, gradient: (loss === 'mse' ? 2 : 1) / terms }
}
