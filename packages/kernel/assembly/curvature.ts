// The largest eigenvalue of the Hessian of the loss, its trace, and its number of negative eigenvalues, in both lanes
// at once. The scalar twin, which says how, is src/scalar/curvature.ts.

import { divide, dot, subtract } from './coordinates'
import { gradientOf, hessianTimes } from './landscape'
import { diagonalize, entry, MATRIX, ROW, symmetrize } from './shape'

// @ts-ignore: decorator
@lazy const VECTOR: usize = CURVATURE_VECTORS
// @ts-ignore: decorator
@lazy const BEFORE: usize = VECTOR + ROW
// @ts-ignore: decorator
@lazy const NEXT: usize = BEFORE + ROW
/** Half the width of a difference, relative to max(1, |theta_i|). */
const HALF_WIDTH: f64 = 0.00000762939453125

/** Product with the Hessian, by differences of the gradient along the vector. */
export function difference(theta: usize, vector: usize, into: usize): void {
  const above = PRODUCT_VECTORS
  const below = PRODUCT_VECTORS + ROW
  let most = f64x2.splat(1)
  for (let at: usize = 0; at < ROW; at += 16) most = f64x2.pmax(most, f64x2.abs(v128.load(theta + at)))
  const h = f64x2.mul(f64x2.splat(HALF_WIDTH), most)
  for (let at: usize = 0; at < ROW; at += 16) {
    v128.store(above + at, f64x2.add(v128.load(theta + at), f64x2.mul(h, v128.load(vector + at))))
  }
  gradientOf(above, into)
  for (let at: usize = 0; at < ROW; at += 16) {
    v128.store(above + at, f64x2.sub(v128.load(theta + at), f64x2.mul(h, v128.load(vector + at))))
  }
  gradientOf(above, below)
  subtract(into, f64x2.splat(1), below, ROW)
  divide(into, into, f64x2.add(h, h), ROW)
}

/** Column i of the Hessian goes to NEXT. */
function column(theta: usize, i: usize): void {
  memory.fill(VECTOR, 0, ROW)
  v128.store(VECTOR + (i << 4), f64x2.splat(1))
  hessianTimes(theta, VECTOR, NEXT)
}

/** The trace of a landscape that is not a network: the sum of the diagonal of its Hessian. */
export function diagonalSum(theta: usize): v128 {
  let total = f64x2.splat(-0.0)
  for (let i: usize = 0; i < DIMENSION; i++) {
    column(theta, i)
    total = f64x2.add(total, v128.load(NEXT + (i << 4)))
  }
  return total
}

/** A unit vector without structure. */
function begin(): void {
  for (let i: usize = 0; i < DIMENSION; i++) {
    const n = <f64>(i + 1)
    const phase = n * n * 0.6180339887498949
    v128.store(NEXT + (i << 4), f64x2.splat(phase - floor(phase) - 0.5))
  }
  divide(VECTOR, NEXT, f64x2.sqrt(dot(NEXT, NEXT, ROW)), ROW)
  memory.fill(BEFORE, 0, ROW)
}

export function sharpness(theta: usize): v128 {
  begin()
  let beta = f64x2.splat(0)
  let scale = f64x2.splat(0)
  let value = f64x2.splat(-Infinity)
  let ended = i64x2.splat(0)
  const last = min(4 * <i32>DIMENSION, LANCZOS_STEPS)
  for (let step = 1; ; step++) {
    hessianTimes(theta, VECTOR, NEXT)
    subtract(NEXT, beta, BEFORE, ROW)
    const alpha = dot(NEXT, VECTOR, ROW)
    subtract(NEXT, alpha, VECTOR, ROW)
    const square = dot(NEXT, NEXT, ROW)
    beta = f64x2.sqrt(square)
    const at = TRIDIAGONAL + (<usize>(step - 1) << 5)
    v128.store(at, alpha, 0)
    v128.store(at, square, 16)
    scale = f64x2.pmax(scale, f64x2.add(f64x2.abs(alpha), beta))
    let ends = v128.not(f64x2.gt(beta, f64x2.mul(f64x2.splat(1e-8), scale)))
    if (step == last) ends = i64x2.splat(-1)
    const due = step & 3 ? ends : i64x2.splat(-1)
    if (v128.any_true(v128.andnot(due, ended))) {
      const found = largest(step, scale)
      const grown = f64x2.gt(f64x2.sub(found, value), f64x2.mul(f64x2.splat(1e-12), f64x2.abs(found)))
      const now = v128.andnot(due, ended)
      ends = v128.and(now, v128.or(ends, v128.not(grown)))
      // The value of a lane that has ended stays, whatever its neighbour needs.
      const whole = f64x2.add(found, f64x2.mul(f64x2.splat(0), beta))
      value = v128.bitselect(v128.bitselect(whole, found, ends), value, now)
      ended = v128.or(ended, ends)
      if (i64x2.all_true(ended)) return value
    }
    memory.copy(BEFORE, VECTOR, ROW)
    divide(VECTOR, NEXT, beta, ROW)
  }
  return value
}

/** The largest eigenvalue of the tridiagonal matrix. */
function largest(size: i32, scale: v128): v128 {
  let low = f64x2.mul(f64x2.splat(-2), scale)
  let high = f64x2.add(scale, scale)
  const end = TRIDIAGONAL + (<usize>size << 5)
  for (let round = 0; round < 60; round++) {
    const x = f64x2.mul(f64x2.splat(0.5), f64x2.add(low, high))
    let quotient = f64x2.splat(1)
    let square = f64x2.splat(0)
    let reached = i64x2.splat(0)
    for (let at = TRIDIAGONAL; at < end; at += 32) {
      quotient = f64x2.sub(f64x2.sub(v128.load(at, 0), x), f64x2.div(square, quotient))
      square = v128.load(at, 16)
      reached = v128.or(reached, f64x2.ge(quotient, f64x2.splat(0)))
    }
    low = v128.bitselect(x, low, reached)
    high = v128.bitselect(high, x, reached)
  }
  return low
}

export function negativeEigenvalues(theta: usize): v128 {
  for (let i: usize = 0; i < DIMENSION; i++) {
    column(theta, i)
    memory.copy(entry(MATRIX, i, 0), NEXT, ROW)
  }
  symmetrize()
  diagonalize()
  let most = f64x2.splat(0)
  for (let i: usize = 0; i < DIMENSION; i++) most = f64x2.pmax(most, f64x2.abs(v128.load(entry(MATRIX, i, i))))
  const limit = f64x2.mul(f64x2.splat(-1e-8), most)
  let count = f64x2.splat(-0.0)
  for (let i: usize = 0; i < DIMENSION; i++) {
    const x = v128.load(entry(MATRIX, i, i))
    const none = f64x2.mul(f64x2.splat(0), x)
    count = f64x2.add(count, v128.bitselect(f64x2.splat(1), none, f64x2.lt(x, limit)))
  }
  return count
}
