// Hyperbolic functions.

import {
  add_v, at_v, div_v, four_v, fourAnd_v, max_v, min_v, mul_v, one_v, select_v, signOf_v, step_v, sub_v,
} from './vectors'
import { expScaled_v } from './exponential'
import './memory'

// @ts-ignore: decorator
@lazy const HYPERBOLIC: usize = memory.data<f64>([
  712, 0.16666666666666666, 0.008333333333333333, 0.00019841269841269592, 2.755731922412018e-6,
  2.5052108345654353e-8, 1.6059050704326124e-10, 7.646476456955315e-13, 2.848395879113187e-15, 0.25,
])

// @ts-ignore: decorator
@inline
function halfExp_v(magnitude: v128): v128 {
  return expScaled_v(min_v(magnitude, at_v(HYPERBOLIC, 0)), -1)
}

export function sinh_v(x: v128): v128 {
  const magnitude = f64x2.abs(x)
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const series = mul_v(z, fourAnd_v(HYPERBOLIC, 1, z, w, four_v(HYPERBOLIC, 5, z, w)))
  const small = step_v(x, x, series)
  const half = halfExp_v(magnitude)
  const large = v128.xor(sub_v(half, div_v(at_v(HYPERBOLIC, 9), half)), signOf_v(x))
  return select_v(f64x2.lt(magnitude, one_v()), small, large)
}

export function cosh_v(x: v128): v128 {
  const half = halfExp_v(f64x2.abs(x))
  return add_v(half, div_v(at_v(HYPERBOLIC, 9), half))
}

/** Limits, shift, one, coefficients. */
// @ts-ignore: decorator
@lazy const TANH: usize = memory.data<f64>([
  19.0625, -19.0625, 52776558133267.06, 1, 0.3333333333279204, 0.13333218679161019,
])

/** tanh of as many steps of 1/128 as the low words say. */
// @ts-ignore: decorator
@inline
function tanhAt_v(shifted: v128): v128 {
  const first = v128.load64_zero(TANH_TABLE + (<usize>(i32x4.extract_lane(shifted, 0) & 8191) << 3))
  return v128.load64_lane(TANH_TABLE + (<usize>(i32x4.extract_lane(shifted, 2) & 8191) << 3), first, 1)
}

// @ts-ignore: decorator
@inline
export function tanh_v(x: v128): v128 {
  const one = at_v(TANH, 3)
  const m = max_v(min_v(x, at_v(TANH, 0)), at_v(TANH, 1))
  const s = add_v(m, at_v(TANH, 2))
  const d = sub_v(m, sub_v(s, at_v(TANH, 2)))
  const t = tanhAt_v(s)
  const z = mul_v(d, d)
  const p = sub_v(at_v(TANH, 4), mul_v(at_v(TANH, 5), z))
  const u = mul_v(d, sub_v(one, mul_v(z, p)))
  return add_v(t, div_v(mul_v(sub_v(one, mul_v(t, t)), u), step_v(one, t, u)))
}

/** tanh of four vectors in a row, from `x` to `y`: each constant is loaded once, and four divisions are under way. */
// @ts-ignore: decorator
@inline
export function tanhFour_v(x: usize, y: usize): void {
  const upper = at_v(TANH, 0)
  const lower = at_v(TANH, 1)
  const shift = at_v(TANH, 2)
  const one = at_v(TANH, 3)
  const c0 = at_v(TANH, 4)
  const c1 = at_v(TANH, 5)
  const m$ = max_v(min_v(v128.load(x, 16 * $), upper), lower)
  const s$ = add_v(m$, shift)
  const d$ = sub_v(m$, sub_v(s$, shift))
  const z$ = mul_v(d$, d$)
  const p$ = sub_v(c0, mul_v(c1, z$))
  const u$ = mul_v(d$, sub_v(one, mul_v(z$, p$)))
  const t$ = tanhAt_v(s$)
  v128.store(y, add_v(t$, div_v(mul_v(sub_v(one, mul_v(t$, t$)), u$), step_v(one, t$, u$))), 16 * $)
}
