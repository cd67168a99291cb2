// From the outputs of a network to the loss of its samples, and to the errors that go back.

import * as elementary from './elementary'
import { NOTHING, plus } from './tile'

// As `src/emit/network.ts` numbers them.
export const SIGMOID_OUTPUT: i32 = 1
export const SOFTMAX_OUTPUT: i32 = 2

/** Softmax of one sample: z becomes z - max, the row of exponentials goes to `to`, and their sum is returned. */
export function exponentials(z: usize, to: usize, outputs: i32): v128 {
  const end = z + TILE_ROW * <usize>outputs
  let most = v128.load(z)
  for (let at = z + TILE_ROW; at < end; at += TILE_ROW) most = f64x2.pmax(most, v128.load(at))
  let sum = f64x2.splat(NOTHING)
  for (let at = z; at < end; at += TILE_ROW) {
    const shifted = f64x2.sub(v128.load(at), most)
    const e = elementary.exp_v(shifted)
    v128.store(at, shifted)
    v128.store(to, e)
    sum = f64x2.add(sum, e)
    to += TILE_ROW
  }
  return sum
}

/**
 * Loss of each sample added to the total; `spare` has room for the outputs. If the module ranks samples, the first row
 * of `spare` keeps the losses.
 */
export function sumLosses(total: v128, z: usize, targets: usize, spare: usize, outputs: i32, samples: i32): v128 {
  const rows = TILE_ROW * <usize>outputs
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let loss = f64x2.splat(NOTHING)
    let normal = f64x2.splat(0)
    if (OUTPUT == SOFTMAX_OUTPUT) normal = exponentials(z + s, spare + s, outputs)
    if (CROSS_ENTROPY && OUTPUT == SOFTMAX_OUTPUT) normal = elementary.log_v(normal)
    for (let at = s; at < s + rows; at += TILE_ROW) {
      const t = v128.load(targets + at)
      const value = v128.load(z + at)
      if (CROSS_ENTROPY) {
        if (OUTPUT == SOFTMAX_OUTPUT) loss = plus(loss, t, f64x2.sub(normal, value))
        else {
          const rest = f64x2.sub(elementary.relu_v(value), f64x2.mul(t, value))
          loss = f64x2.add(loss, f64x2.add(rest, elementary.softplus_v(f64x2.neg(f64x2.abs(value)))))
        }
      } else {
        let f = value
        if (OUTPUT == SIGMOID_OUTPUT) f = elementary.sigmoid_v(value)
        if (OUTPUT == SOFTMAX_OUTPUT) f = f64x2.div(v128.load(spare + at), normal)
        const difference = f64x2.sub(f, t)
        loss = plus(loss, difference, difference)
      }
    }
    total = f64x2.add(total, loss)
    if (RANKS) v128.store(spare + s, loss)
  }
  return total
}

/** Adds 1 for each sample whose class is right; `scalar/network.ts` says when it is. */
export function countRight(total: v128, z: usize, targets: usize, outputs: i32, samples: i32): v128 {
  const rows = TILE_ROW * <usize>outputs
  const half = f64x2.splat(OUTPUT == SIGMOID_OUTPUT ? 0 : 0.5)
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let isRight: v128
    if (outputs == 1) {
      const value = v128.load(z + s)
      const isOne = f64x2.ge(v128.load(targets + s), f64x2.splat(0.5))
      isRight = v128.bitselect(f64x2.ge(value, half), f64x2.lt(value, half), isOne)
    } else {
      let output = f64x2.splat(-Infinity)
      let target = f64x2.splat(-Infinity)
      isRight = i64x2.splat(0)
      for (let at = s; at < s + rows; at += TILE_ROW) {
        const value = v128.load(z + at)
        const t = v128.load(targets + at)
        const isLargest = f64x2.gt(value, output)
        const isClass = f64x2.gt(t, target)
        output = v128.bitselect(value, output, isLargest)
        target = v128.bitselect(t, target, isClass)
        // Right so far: the largest value and the largest target were last found at the same unit.
        const changed = v128.or(isLargest, isClass)
        isRight = v128.bitselect(v128.and(isLargest, isClass), isRight, changed)
      }
    }
    total = f64x2.add(total, v128.and(isRight, f64x2.splat(1)))
  }
  return total
}

/** The error of a unit whose output before gamma is `value`, where that takes no other output. */
// @ts-ignore: decorator
@inline
export function errorOf(value: v128, t: v128): v128 {
  if (OUTPUT != SIGMOID_OUTPUT) return f64x2.sub(value, t)
  const f = elementary.sigmoid_v(value)
  const difference = f64x2.sub(f, t)
  if (CROSS_ENTROPY) return difference
  return f64x2.mul(difference, f64x2.mul(f, f64x2.sub(f64x2.splat(1), f)))
}

/** Errors of the outputs z: the loss of the sample differentiated by z, but for a factor of all samples. */
export function errors(z: usize, targets: usize, to: usize, outputs: i32, samples: i32): void {
  const rows = TILE_ROW * <usize>outputs
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    if (OUTPUT != SOFTMAX_OUTPUT) {
      for (let at = s; at < s + rows; at += TILE_ROW) {
        v128.store(to + at, errorOf(v128.load(z + at), v128.load(targets + at)))
      }
    } else {
      const normal = exponentials(z + s, to + s, outputs)
      // Cross-entropy: the sum of the targets; else the sum of (F - t) F.
      let sum = f64x2.splat(NOTHING)
      for (let at = s; at < s + rows; at += TILE_ROW) {
        const t = v128.load(targets + at)
        const f = f64x2.div(v128.load(to + at), normal)
        v128.store(to + at, f)
        sum = CROSS_ENTROPY ? f64x2.add(sum, t) : plus(sum, f64x2.sub(f, t), f)
      }
      for (let at = s; at < s + rows; at += TILE_ROW) {
        const t = v128.load(targets + at)
        const f = v128.load(to + at)
        if (CROSS_ENTROPY) v128.store(to + at, f64x2.sub(f64x2.mul(sum, f), t))
        else v128.store(to + at, f64x2.mul(f, f64x2.sub(f64x2.sub(f, t), sum)))
      }
    }
  }
}
