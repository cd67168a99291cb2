import { elementary } from '@driftfarm/formula'
import type { Xoshiro } from './xoshiro.ts'

/**
 * A standard normal, drawn by the ziggurat method. In the 64 bits of a draw, bit 0 is the sign, bits 2-11 are the
 * layer, and bits 12-63 are an integer k. The candidate is f times the width of the layer, with f = (2k + 1) / 2^53.
 */
export function gaussian(stream: Xoshiro): number {
  const { widths, ratios, densities } = ziggurat()
  for (;;) {
    stream.next()
    const layer = (stream.low >>> 2) & 1023
    const negative = isNegative(stream)
    const f = fraction(stream)
    let x = f * widths[layer]!
    if (f >= ratios[layer]!) {
      if (layer === 0) x = tail(stream)
      else {
        const below = densities[layer]!
        const y = below + stream.uniform() * (densities[layer + 1]! - below)
        if (y >= elementary.exp(x * x * -0.5)) continue
      }
    }
    return negative ? -x : x
  }
}

/** A normal beyond `tailStart`, by Marsaglia's exponential rejection (1964). */
function tail(stream: Xoshiro): number {
  for (;;) {
    const a = -elementary.log(1 - stream.uniform()) / tailStart
    const b = -elementary.log(1 - stream.uniform())
    if (b + b > a * a) return tailStart + a
  }
}

export function isNegative(stream: Xoshiro): boolean {
  return (stream.low & 1) === 1
}

function fraction(stream: Xoshiro): number {
  return (2 * (stream.high * 0x100000 + (stream.low >>> 12)) + 1) / 0x20000000000000
}

export function nextFraction(stream: Xoshiro): number {
  stream.next()
  return fraction(stream)
}

/**
 * The ziggurat of the standard normal density exp(-x^2/2) with 1,024 layers (Marsaglia and Tsang, J. Stat. Softw. 5,
 * 2000). Layer 0 is the base strip with the tail. Its virtual width is `layerArea` divided by the density at
 * `tailStart`. A draw with fraction f in layer i is x = f * widths[i]. If f is below ratios[i], the point certainly
 * lies under the curve.
 */
export const tailStart = 4.038849846109504
const layerArea = 0.001226324646353088
const layers = 1024

function build() {
  const { exp, log, sqrt } = elementary
  const density = (x: number) => exp(x * x * -0.5)
  const edges = new Float64Array(layers + 1)
  edges[0] = layerArea / density(tailStart)
  edges[1] = tailStart
  for (let i = 2; i < layers; i++) edges[i] = sqrt(-2 * log(layerArea / edges[i - 1]! + density(edges[i - 1]!)))
  const densities = Float64Array.from(edges, density)
  const widths = edges.slice(0, layers)
  const ratios = Float64Array.from({ length: layers }, (_, i) => edges[i + 1]! / edges[i]!)
  // densities[0] is never used: a draw in layer 0 beyond ratios[0] is replaced by a draw from the tail.
  return {
    /** The 1,024 widths x_i. */
    widths,
    /** The 1,024 ratios x_(i+1) / x_i. */
    ratios,
    /** The 1,025 densities f(x_i); the last is f(0) = 1. */
    densities,
    /** Pairs (ratio, width), in the order in which `assembly/normal.ts` reads them. */
    pairs: Float64Array.from({ length: 2 * layers }, (_, i) => (i % 2 === 0 ? ratios : widths)[i >> 1]!),
  }
}

let built: ReturnType<typeof build> | null = null
export function ziggurat() {
  built ??= build()
  return built
}
