// rho and rho' of the hidden units of a network, four samples of a unit at a time.

import * as elementary from './elementary'
import { blocks } from './tile'

// As `src/emit/network.ts` numbers them.
const TANH: i32 = 0
const SIGMOID: i32 = 1
const RELU: i32 = 2
const LEAKY_RELU: i32 = 3
const SOFTPLUS: i32 = 4
const SIN: i32 = 5

// @ts-ignore: decorator
@inline
function leaky(z: v128): v128 {
  return v128.bitselect(z, f64x2.mul(z, f64x2.splat(0.01)), f64x2.gt(z, f64x2.splat(0)))
}

/** rho of one value; where rho' is not a function of rho, z is replaced by rho'. */
// @ts-ignore: decorator
@inline
function activateOne(z: usize, a: usize): void {
  const value = v128.load(z)
  if (ACTIVATION == TANH) v128.store(a, elementary.tanh_v(value))
  else if (ACTIVATION == SIGMOID) v128.store(a, elementary.sigmoid_v(value))
  else if (ACTIVATION == RELU) v128.store(a, elementary.relu_v(value))
  else if (ACTIVATION == LEAKY_RELU) v128.store(a, leaky(value))
  else if (ACTIVATION == SOFTPLUS) {
    v128.store(a, elementary.softplus_v(value))
    v128.store(z, elementary.sigmoid_v(value))
  } else if (ACTIVATION == SIN) {
    v128.store(a, elementary.sin_v(value))
    v128.store(z, elementary.cos_v(value))
  } else v128.store(a, value)
}

/** The same of a block of four. */
// @ts-ignore: decorator
@inline
export function activateFour(z: usize, a: usize): void {
  if (ACTIVATION == TANH) {
    elementary.tanhFour_v(z, a)
    return
  }
  for (let s: usize = 0; s < 64; s += 16) activateOne(z + s, a + s)
}

/** a = rho(z) for a layer. */
export function activate(z: usize, a: usize, units: i32, samples: i32): void {
  const end = blocks(samples)
  for (let unit = 0; unit < units; unit++) {
    for (let s: usize = 0; s < end; s += 64) activateFour(z + s, a + s)
    if (DROPOUT) for (let s: usize = 0; s < end; s += 16) v128.store(z + s, slope(v128.load(a + s), z + s))
    z += TILE_ROW
    a += TILE_ROW
  }
}

/** rho' of a unit whose rho is `value`, or as `activateOne` left it in `z`. */
// @ts-ignore: decorator
@inline
export function slope(value: v128, z: usize): v128 {
  const one = f64x2.splat(1)
  if (ACTIVATION == TANH) return f64x2.sub(one, f64x2.mul(value, value))
  if (ACTIVATION == SIGMOID) return f64x2.mul(value, f64x2.sub(one, value))
  if (ACTIVATION == RELU) return v128.and(one, f64x2.gt(value, f64x2.splat(0)))
  if (ACTIVATION == LEAKY_RELU) return v128.bitselect(one, f64x2.splat(0.01), f64x2.gt(value, f64x2.splat(0)))
  if (ACTIVATION == SOFTPLUS || ACTIVATION == SIN) return v128.load(z)
  return one
}

/** rho'' of a unit whose rho is `value` and whose rho' is `s`. */
// @ts-ignore: decorator
@inline
export function bend(value: v128, s: v128): v128 {
  const one = f64x2.splat(1)
  if (ACTIVATION == TANH) return f64x2.mul(f64x2.mul(f64x2.splat(-2), value), s)
  if (ACTIVATION == SIGMOID) return f64x2.mul(s, f64x2.sub(one, f64x2.add(value, value)))
  if (ACTIVATION == SOFTPLUS) return f64x2.mul(s, f64x2.sub(one, s))
  return ACTIVATION == SIN ? f64x2.neg(value) : f64x2.splat(0)
}

/**
 * The error of a unit before its activation goes to `z`; `sum` comes from the units behind it. With dropout, rho' is in
 * `z`: it is not a function of a value that is multiplied by a factor.
 */
// @ts-ignore: decorator
@inline
export function deltaOne(sum: v128, value: v128, z: usize): void {
  v128.store(z, f64x2.mul(sum, DROPOUT ? v128.load(z) : slope(value, z)))
}
