import { elementary } from '@driftfarm/formula'
import type { Xoshiro } from './xoshiro.ts'
import { tailStart, ziggurat } from './ziggurat.ts'

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
