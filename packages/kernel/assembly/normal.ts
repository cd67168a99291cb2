// Laws of the drift, two lanes at a time. Of the 64 bits of a draw, bit 0 is the sign, bits 2-11 the layer of the
// ziggurat and bits 12-63 the odd fraction f = (2k + 1) / 2^53: 53 random bits with the sign, none of them shared.

import './memory'
import { nextLane, nextUniform } from './xoshiro'
import { exp_v, log_v } from './elementary'

/** Where the tail begins, x_1 of 1,024 layers. */
const TAIL: f64 = 4.038849846109504

// @ts-ignore: decorator
@inline
export function fraction(bits: v128): v128 {
  return f64x2.sub(
    v128.or(i64x2.shr_u(bits, 12), i64x2.splat(0x3ff0000000000000)),
    i64x2.splat(0x3fefffffffffffff),
  )
}

// @ts-ignore: decorator
@inline
export function signed(magnitude: v128, bits: v128): v128 {
  return v128.xor(magnitude, i64x2.shl(bits, 63))
}

/*
 * Standard normals by the ziggurat of Marsaglia and Tsang (2000) with 1,024 layers: as many as half of a first-level
 * cache holds. The first attempt of both lanes is made together, in code that `src/emit/draws.ts` writes; a lane that
 * falls outside its layer (0.4 % of them) is repaired alone, which takes twenty times as long.
 */

/** Where the layer of each lane stands in the table of (ratio, width). */
// @ts-ignore: decorator
@inline
export function layerOffset(bits: v128): v128 {
  return v128.and(i64x2.shl(bits, 2), i64x2.splat(0x3ff0))
}

// @ts-ignore: decorator
@inline
export function layerAt(offset: i32): v128 {
  return v128.load(<usize>offset, LAYERS)
}

// @ts-ignore: decorator
@inline
export function ratios(first: v128, second: v128): v128 {
  return v128.shuffle<f64>(first, second, 0, 2)
}

// @ts-ignore: decorator
@inline
export function widths(first: v128, second: v128): v128 {
  return v128.shuffle<f64>(first, second, 1, 3)
}

/** Replaces the lanes of x that are `outside`: `bits` made them, `state` goes on. */
export function repair(state: usize, bits: v128, x: v128, outside: v128): v128 {
  if (i64x2.extract_lane(outside, 0)) x = f64x2.replace_lane(x, 0, attempt(state, i64x2.extract_lane(bits, 0)))
  if (i64x2.extract_lane(outside, 1)) x = f64x2.replace_lane(x, 1, attempt(state + 8, i64x2.extract_lane(bits, 1)))
  return x
}

/** Finishes the draw that began with `bits`, drawing more as needed. */
function attempt(state: usize, bits: u64): f64 {
  while (true) {
    const layer = <usize>((bits >> 2) & 1023)
    const f = reinterpret<f64>((bits >> 12) | 0x3ff0000000000000) - reinterpret<f64>(<u64>0x3fefffffffffffff)
    const x = f * load<f64>(LAYERS + (layer << 4), 8)
    const negative = (bits & 1) != 0
    if (f < load<f64>(LAYERS + (layer << 4))) return negative ? -x : x
    if (layer == 0) {
      const far = tail(state)
      return negative ? -far : far
    }
    const below = load<f64>(DENSITIES + (layer << 3), 0)
    const above = load<f64>(DENSITIES + (layer << 3), 8)
    const y = below + nextUniform(state) * (above - below)
    if (y < exp(x * x * -0.5)) return negative ? -x : x
    bits = nextLane(state)
  }
}

/** A standard normal of one lane. */
export function nextNormal(state: usize): f64 {
  return attempt(state, nextLane(state))
}

/** A standard normal of each lane. */
export function nextNormals(state: usize): v128 {
  return f64x2.replace_lane(f64x2.splat(nextNormal(state)), 1, nextNormal(state + 8))
}

/** Beyond TAIL, by Marsaglia's exponential rejection (1964). */
function tail(state: usize): f64 {
  while (true) {
    const a = -log(1.0 - nextUniform(state)) / TAIL
    const b = -log(1.0 - nextUniform(state))
    if (b + b > a * a) return TAIL + a
  }
}

/** Elementary functions of one number: lane 0 of those of two. */
// @ts-ignore: decorator
@inline
export function exp(x: f64): f64 {
  return f64x2.extract_lane(exp_v(f64x2.splat(x)), 0)
}

// @ts-ignore: decorator
@inline
export function log(x: f64): f64 {
  return f64x2.extract_lane(log_v(f64x2.splat(x)), 0)
}
