import { elementary } from '@driftfarm/formula'

/**
 * The ziggurat of the standard normal density exp(-x^2/2) with 1,024 layers (Marsaglia and Tsang, J. Stat. Softw. 5,
 * 2000). Layer 0 is the base strip with the tail. Its virtual width is `layerArea` divided by the density at
 * `tailStart`. A draw with fraction f in layer i is x = f * widths[i]. If f is below ratios[i], the point certainly
 * lies under the curve.
 */
export const tailStart = 4.038849846109504
const layerArea = 0.001226324646353088
const layers = 1024

export interface Ziggurat {
  /** The 1,024 widths x_i. */
  readonly widths: Float64Array
  /** The 1,024 ratios x_(i+1) / x_i. */
  readonly ratios: Float64Array
  /** The 1,025 densities f(x_i); the last is f(0) = 1. */
  readonly densities: Float64Array
}

function build(): Ziggurat {
  const { exp, log, sqrt } = elementary
  const density = (x: number) => exp(x * x * -0.5)
  const edges = new Float64Array(layers + 1)
  edges[0] = layerArea / density(tailStart)
  edges[1] = tailStart
  for (let i = 2; i < layers; i++) edges[i] = sqrt(-2 * log(layerArea / edges[i - 1]! + density(edges[i - 1]!)))
  const densities = Float64Array.from(edges, density)
  // densities[0] is never used: a draw in layer 0 beyond ratios[0] is replaced by a draw from the tail.
  return {
    widths: edges.slice(0, layers),
    ratios: Float64Array.from({ length: layers }, (_, i) => edges[i + 1]! / edges[i]!),
    densities,
  }
}

let built: Ziggurat | null = null
export function ziggurat(): Ziggurat {
  built ??= build()
  return built
}
