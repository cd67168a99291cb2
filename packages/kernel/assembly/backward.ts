// Errors back through the layers: z_j = (sum_i w_ij delta_i) rho'_j.

import { deltaOne } from './activation'
import { ROW } from './landscape'
import { blocks, NOTHING, plus } from './tile'

/** z_j = (sum_i w_ij delta_i) rho'_j: errors of the outputs of a layer back to its inputs. */
export function back(weights: usize, delta: usize, a: usize, z: usize, inputs: i32, outputs: i32, samples: i32): void {
  const end = blocks(samples)
  const line = <usize>inputs << 4
  const last = weights + line * <usize>outputs
  let j = 0
  for (; j + 2 <= inputs; j += 2) {
    for (let s: usize = 0; s < end; s += 64) {
      let a0 = f64x2.splat(NOTHING)
      let a1 = a0
      let a2 = a0
      let a3 = a0
      let b0 = a0
      let b1 = a0
      let b2 = a0
      let b3 = a0
      let d = delta + s
      for (let w = weights + (<usize>j << 4); w < last; w += line) {
        const v = v128.load(w, 0)
        const u = v128.load(w, 16)
        const d0 = v128.load(d, 0)
        const d1 = v128.load(d, 16)
        const d2 = v128.load(d, 32)
        const d3 = v128.load(d, 48)
        a0 = plus(a0, v, d0)
        a1 = plus(a1, v, d1)
        a2 = plus(a2, v, d2)
        a3 = plus(a3, v, d3)
        b0 = plus(b0, u, d0)
        b1 = plus(b1, u, d1)
        b2 = plus(b2, u, d2)
        b3 = plus(b3, u, d3)
        d += ROW
      }
      deltaOne(a0, v128.load(a + s), z + s)
      deltaOne(a1, v128.load(a + s + 16), z + s + 16)
      deltaOne(a2, v128.load(a + s + 32), z + s + 32)
      deltaOne(a3, v128.load(a + s + 48), z + s + 48)
      deltaOne(b0, v128.load(a + s + ROW), z + s + ROW)
      deltaOne(b1, v128.load(a + s + ROW + 16), z + s + ROW + 16)
      deltaOne(b2, v128.load(a + s + ROW + 32), z + s + ROW + 32)
      deltaOne(b3, v128.load(a + s + ROW + 48), z + s + ROW + 48)
    }
    a += 2 * ROW
    z += 2 * ROW
  }
  if (j == inputs) return
  for (let s: usize = 0; s < end; s += 64) {
    let a0 = f64x2.splat(NOTHING)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let d = delta + s
    for (let w = weights + (<usize>j << 4); w < last; w += line) {
      const v = v128.load(w)
      a0 = plus(a0, v, v128.load(d, 0))
      a1 = plus(a1, v, v128.load(d, 16))
      a2 = plus(a2, v, v128.load(d, 32))
      a3 = plus(a3, v, v128.load(d, 48))
      d += ROW
    }
    deltaOne(a0, v128.load(a + s), z + s)
    deltaOne(a1, v128.load(a + s + 16), z + s + 16)
    deltaOne(a2, v128.load(a + s + 32), z + s + 32)
    deltaOne(a3, v128.load(a + s + 48), z + s + 48)
  }
}

/**
 * The same where the layer has one output, whose errors are few: the sums of its weights, delta a_j over the samples,
 * are made on the way, so that every a_j is read once. Two units at a time, for each sum waits for itself.
 */
export function backOne(
  weights: usize,
  sums: usize,
  delta: usize,
  a: usize,
  z: usize,
  inputs: i32,
  samples: i32,
): void {
  const whole = <usize>(samples & ~3) << 4
  const end = <usize>samples << 4
  let j = 0
  for (; j + 2 <= inputs; j += 2) {
    const v = v128.load(weights, 0)
    const u = v128.load(weights, 16)
    let first = v128.load(sums, 0)
    let second = v128.load(sums, 16)
    for (let s: usize = 0; s < whole; s += 64) {
      const d0 = v128.load(delta + s, 0)
      const d1 = v128.load(delta + s, 16)
      const d2 = v128.load(delta + s, 32)
      const d3 = v128.load(delta + s, 48)
      const at = a + s
      const to = z + s
      first = backFour(first, v, d0, d1, d2, d3, at, to)
      second = backFour(second, u, d0, d1, d2, d3, at + ROW, to + ROW)
    }
    for (let s = whole; s < end; s += 16) {
      const d = v128.load(delta + s)
      first = backSample(first, v, d, a + s, z + s)
      second = backSample(second, u, d, a + s + ROW, z + s + ROW)
    }
    v128.store(sums, first, 0)
    v128.store(sums, second, 16)
    weights += 32
    sums += 32
    a += 2 * ROW
    z += 2 * ROW
  }
  if (j == inputs) return
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

// @ts-ignore: decorator
@inline
function backFour(sum: v128, w: v128, d0: v128, d1: v128, d2: v128, d3: v128, a: usize, z: usize): v128 {
  const one = backSample(sum, w, d0, a, z)
  const two = backSample(one, w, d1, a + 16, z + 16)
  const three = backSample(two, w, d2, a + 32, z + 32)
  return backSample(three, w, d3, a + 48, z + 48)
}
