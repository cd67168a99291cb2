// Errors back through the layers: z_j = (sum_i w_ij delta_i) rho'_j.

import { deltaOne } from './activation'
import { blocks, NOTHING, plus } from './tile'

/** z_j = (sum_i w_ij delta_i) rho'_j: errors of the outputs of a layer back to its inputs. */
export function back(weights: usize, delta: usize, a: usize, z: usize, inputs: i32, outputs: i32, samples: i32): void {
  const end = blocks(samples)
  const line = <usize>inputs << 4
  const last = weights + line * <usize>outputs
  let j = 0
  for (; j + 2 <= inputs; j += 2) {
    backUnits(weights + (<usize>j << 4), last, delta, a, z, line, end, true)
    a += 2 * TILE_ROW
    z += 2 * TILE_ROW
  }
  if (j < inputs) backUnits(weights + (<usize>j << 4), last, delta, a, z, line, end, false)
}

/** One input of the layer, or two (`both`). */
// @ts-ignore: decorator
@inline
function backUnits(
  weights: usize, last: usize, delta: usize, a: usize, z: usize, line: usize, end: usize, both: bool,
): void {
  for (let s: usize = 0; s < end; s += 64) {
    let a$ = f64x2.splat(NOTHING)
    let b$ = f64x2.splat(NOTHING)
    let d = delta + s
    for (let w = weights; w < last; w += line) {
      const v = v128.load(w, 0)
      const u = both ? v128.load(w, 16) : v
      const d$ = v128.load(d, 16 * $)
      a$ = plus(a$, v, d$)
      if (both) b$ = plus(b$, u, d$)
      d += TILE_ROW
    }
    deltaOne(a$, v128.load(a + s + 16 * $), z + s + 16 * $)
    if (both) deltaOne(b$, v128.load(a + s + TILE_ROW + 16 * $), z + s + TILE_ROW + 16 * $)
  }
}

/**
 * The same where the layer has one output, whose errors are few: the sums of its weights, delta a_j over the samples,
 * are made on the way, so that every a_j is read once. Two units at a time, for each sum waits for itself.
 */
export function backOne(weights: usize, sums: usize, delta: usize, a: usize, z: usize, units: i32, samples: i32): void {
  const whole = <usize>(samples & ~3) << 4
  const end = <usize>samples << 4
  let j = 0
  for (; j + 2 <= units; j += 2) {
    const v = v128.load(weights, 0)
    const u = v128.load(weights, 16)
    let first = v128.load(sums, 0)
    let second = v128.load(sums, 16)
    for (let s: usize = 0; s < whole; s += 64) {
      const d$ = v128.load(delta + s, 16 * $)
      const at = a + s
      const to = z + s
      first = backSample(first, v, d$, at + 16 * $, to + 16 * $)
      second = backSample(second, u, d$, at + TILE_ROW + 16 * $, to + TILE_ROW + 16 * $)
    }
    for (let s = whole; s < end; s += 16) {
      const d = v128.load(delta + s)
      first = backSample(first, v, d, a + s, z + s)
      second = backSample(second, u, d, a + s + TILE_ROW, z + s + TILE_ROW)
    }
    v128.store(sums, first, 0)
    v128.store(sums, second, 16)
    weights += 32
    sums += 32
    a += 2 * TILE_ROW
    z += 2 * TILE_ROW
  }
  if (j == units) return
  const v = v128.load(weights)
  let sum = v128.load(sums)
  for (let s: usize = 0; s < end; s += 16) sum = backSample(sum, v, v128.load(delta + s), a + s, z + s)
  v128.store(sums, sum)
}

/** One sample of a unit: its error, w delta rho', and its part of the sum. */
// @ts-ignore: decorator
@inline
function backSample(sum: v128, w: v128, d: v128, a: usize, z: usize): v128 {
  const value = v128.load(a)
  deltaOne(f64x2.mul(w, d), value, z)
  return plus(sum, d, value)
}
