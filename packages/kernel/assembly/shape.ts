// The matrices S of anisotropic drift, two lanes at a time, 16 bytes an entry, row by row. The scalar twin is
// src/scalar/shape.ts.

import { power_v } from './elementary'
import { gradientOf } from './landscape'

// Lazy, for landscape.ts imports this file before it declares the constants.
// @ts-ignore: decorator
@lazy export const ROW: usize = DIMENSION << 4
/** The symmetric matrix, then its eigenvectors as rows, then vectors. */
// @ts-ignore: decorator
@lazy export const MATRIX: usize = SHAPE_WORK
// @ts-ignore: decorator
@lazy const BASIS: usize = MATRIX + DIMENSION * ROW
// @ts-ignore: decorator
@lazy const POINT: usize = BASIS + DIMENSION * ROW
// @ts-ignore: decorator
@lazy export const ABOVE: usize = POINT + ROW
// @ts-ignore: decorator
@lazy export const BELOW: usize = ABOVE + ROW
/** Cyclic Jacobi converges quadratically: 256 dimensions reach rounding in 10 sweeps. */
const SWEEPS: i32 = 12
/** Half the width of a difference, relative to max(1, |theta_i|): near the cube root of 2^-53. */
const STEP: f64 = 0.00000762939453125

// @ts-ignore: decorator
@inline
export function entry(rows: usize, i: usize, j: usize): usize {
  return rows + i * ROW + (j << 4)
}

/** (S x)_i from row i, both lanes of S equal: numbers of the cell. */
export function rowOfNumbers(row: usize, x: usize): v128 {
  let total = f64x2.splat(-0.0)
  for (let j: usize = 0; j < DIMENSION; j++) {
    total = f64x2.add(total, f64x2.mul(v128.load64_splat(row + (j << 3)), v128.load(x + (j << 4))))
  }
  return total
}

/** The matrix in MATRIX to a power, into the lanes of `into` that the mask takes. */
export function matrixPower(into: usize, mask: v128, power: v128, scaled: bool, trace: v128): void {
  diagonalize()
  const factors = POINT
  takePower(factors, power, scaled, trace)
  for (let i: usize = 0; i < DIMENSION; i++) {
    for (let j: usize = 0; j < DIMENSION; j++) {
      let total = f64x2.splat(-0.0)
      for (let k: usize = 0; k < DIMENSION; k++) {
        const scaledEntry = f64x2.mul(v128.load(entry(BASIS, k, i)), v128.load(factors + (k << 4)))
        total = f64x2.add(total, f64x2.mul(scaledEntry, v128.load(entry(BASIS, k, j))))
      }
      const at = entry(into, i, j)
      v128.store(at, v128.bitselect(total, v128.load(at), mask))
    }
  }
}

/**
 * MATRIX = the Hessian of L: central differences of the gradient, row i from coordinate i; then the mean with the
 * transpose.
 */
export function hessian(theta: usize): void {
  memory.copy(POINT, theta, ROW)
  for (let i: usize = 0; i < DIMENSION; i++) {
    const at = POINT + (i << 4)
    const x = v128.load(at)
    const h = f64x2.mul(f64x2.splat(STEP), f64x2.pmax(f64x2.splat(1), f64x2.abs(x)))
    const up = f64x2.add(x, h)
    const down = f64x2.sub(x, h)
    v128.store(at, up)
    gradientOf(POINT, ABOVE)
    v128.store(at, down)
    gradientOf(POINT, BELOW)
    v128.store(at, x)
    const width = f64x2.sub(up, down)
    for (let j: usize = 0; j < DIMENSION; j++) {
      const difference = f64x2.sub(v128.load(ABOVE + (j << 4)), v128.load(BELOW + (j << 4)))
      v128.store(entry(MATRIX, i, j), f64x2.div(difference, width))
    }
  }
  symmetrize()
}

/** MATRIX = the mean with the transpose. */
export function symmetrize(): void {
  for (let i: usize = 0; i < DIMENSION; i++) {
    for (let j: usize = i + 1; j < DIMENSION; j++) {
      const sum = f64x2.add(v128.load(entry(MATRIX, i, j)), v128.load(entry(MATRIX, j, i)))
      const mean = f64x2.mul(sum, f64x2.splat(0.5))
      v128.store(entry(MATRIX, i, j), mean)
      v128.store(entry(MATRIX, j, i), mean)
    }
  }
}

/** Eigenvalues to the diagonal of MATRIX, eigenvectors to the rows of BASIS: cyclic Jacobi, SWEEPS times over p < q. */
export function diagonalize(): void {
  memory.fill(BASIS, 0, DIMENSION * ROW)
  for (let i: usize = 0; i < DIMENSION; i++) v128.store(entry(BASIS, i, i), f64x2.splat(1))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p: usize = 0; p < DIMENSION; p++) {
      for (let q: usize = p + 1; q < DIMENSION; q++) rotate(p, q)
    }
  }
}

/** Makes the entry (p, q) zero. */
function rotate(p: usize, q: usize): void {
  const one = f64x2.splat(1)
  const zero = f64x2.splat(0)
  const app = v128.load(entry(MATRIX, p, p))
  const aqq = v128.load(entry(MATRIX, q, q))
  const apq = v128.load(entry(MATRIX, p, q))
  const tau = f64x2.div(f64x2.sub(aqq, app), f64x2.add(apq, apq))
  const size = f64x2.div(one, f64x2.add(f64x2.abs(tau), f64x2.sqrt(f64x2.add(one, f64x2.mul(tau, tau)))))
  const signed = v128.bitselect(f64x2.neg(size), size, f64x2.lt(tau, zero))
  const t = v128.bitselect(zero, signed, f64x2.eq(apq, zero))
  const c = f64x2.div(one, f64x2.sqrt(f64x2.add(one, f64x2.mul(t, t))))
  const s = f64x2.mul(t, c)
  for (let k: usize = 0; k < DIMENSION; k++) {
    turn(entry(BASIS, p, k), entry(BASIS, q, k), c, s)
    if (k == p || k == q) continue
    turn(entry(MATRIX, p, k), entry(MATRIX, q, k), c, s)
    v128.store(entry(MATRIX, k, p), v128.load(entry(MATRIX, p, k)))
    v128.store(entry(MATRIX, k, q), v128.load(entry(MATRIX, q, k)))
  }
  const shift = f64x2.mul(t, apq)
  v128.store(entry(MATRIX, p, p), f64x2.sub(app, shift))
  v128.store(entry(MATRIX, q, q), f64x2.add(aqq, shift))
  v128.store(entry(MATRIX, p, q), zero)
  v128.store(entry(MATRIX, q, p), zero)
}

// @ts-ignore: decorator
@inline
function turn(first: usize, second: usize, c: v128, s: v128): void {
  const x = v128.load(first)
  const y = v128.load(second)
  v128.store(first, f64x2.sub(f64x2.mul(c, x), f64x2.mul(s, y)))
  v128.store(second, f64x2.add(f64x2.mul(s, x), f64x2.mul(c, y)))
}

/** max(eigenvalue, 0)^power; `scaled`: then all times one number, so that their squares sum to the trace. */
function takePower(factors: usize, power: v128, scaled: bool, trace: v128): void {
  const zero = f64x2.splat(0)
  let total = f64x2.splat(-0.0)
  for (let k: usize = 0; k < DIMENSION; k++) {
    const value = v128.load(entry(MATRIX, k, k))
    const factor = power_v(v128.and(value, f64x2.gt(value, zero)), power)
    v128.store(factors + (k << 4), factor)
    total = f64x2.add(total, f64x2.mul(factor, factor))
  }
  if (!scaled) return
  const scale = v128.bitselect(f64x2.sqrt(f64x2.div(trace, total)), f64x2.splat(1), f64x2.gt(total, zero))
  for (let k: usize = 0; k < DIMENSION; k++) {
    v128.store(factors + (k << 4), f64x2.mul(v128.load(factors + (k << 4)), scale))
  }
}
