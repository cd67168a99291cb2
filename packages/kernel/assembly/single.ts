// Elementary functions of one number: lane 0 of those of two.

import { exp_v, log_v } from './elementary'

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
