// Dropout: which hidden units each lane keeps for a sample. The masks are drawn into the rows that will hold the values
// of the units, so that they need no rows of their own.

import { activate, activateFour, slope } from './activation'
import { blocks } from './tile'
import { output, rotate } from './xoshiro'

/*
 * `number` is the address of two numbers of a layer: a unit is left out if 32 random bits are below the first; if not,
 * its value is multiplied by the second. The first is 0 without dropout.
 */

/** Masks of the units of a layer for one sample, into the rows from `at`. A random number serves two units. */
export function drawMasks(base: usize, at: usize, units: i32, number: usize): void {
  const threshold = i32x4.splat(<u32>load<f64>(number))
  if (!v128.any_true(threshold)) return
  const state = base + DROPOUT_STATE
  let s0 = v128.load(state, 0)
  let s1 = v128.load(state, 16)
  let s2 = v128.load(state, 32)
  let s3 = v128.load(state, 48)
  for (let unit = 0; unit < units; unit += 2) {
    const kept = i32x4.ge_u(output(s0, s3), threshold)
    const t = i64x2.shl(s1, 17)
    s2 = v128.xor(s2, s0)
    s3 = v128.xor(s3, s1)
    s1 = v128.xor(s1, s2)
    s0 = v128.xor(s0, s3)
    s2 = v128.xor(s2, t)
    s3 = rotate(s3, 45)
    v128.store(at, v128.shuffle<i32>(kept, kept, 0, 0, 2, 2))
    if (unit + 1 < units) v128.store(at + TILE_ROW, v128.shuffle<i32>(kept, kept, 1, 1, 3, 3))
    at += 2 * TILE_ROW
  }
  v128.store(state, s0, 0)
  v128.store(state, s1, 16)
  v128.store(state, s2, 32)
  v128.store(state, s3, 48)
}

/** a = rho(z) for the units that the masks in `a` keep, 0 for the others; z becomes da/dz. */
export function activateKept(z: usize, a: usize, units: i32, samples: i32, number: usize): void {
  if (load<f64>(number) == 0) {
    activate(z, a, units, samples)
    return
  }
  const scale = v128.load64_splat(number, 8)
  const end = blocks(samples)
  for (let unit = 0; unit < units; unit++) {
    for (let s: usize = 0; s < end; s += 64) {
      const to = a + s
      const from = z + s
      const mask$ = v128.load(to, 16 * $)
      activateFour(from, to)
      keep(to + 16 * $, from + 16 * $, mask$, scale)
    }
    z += TILE_ROW
    a += TILE_ROW
  }
}

// @ts-ignore: decorator
@inline
function keep(a: usize, z: usize, mask: v128, scale: v128): void {
  const value = v128.load(a)
  v128.store(z, v128.and(f64x2.mul(slope(value, z), scale), mask))
  v128.store(a, v128.and(f64x2.mul(value, scale), mask))
}
