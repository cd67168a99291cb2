// Factors of scale mixtures that no formula draws, two lanes at a time. The scalar twin is src/laws/laws.ts.

import { exp, log, nextNormal } from './normal'
import { nextLane } from './xoshiro'

/** A = nu / chi^2_nu: coordinates are student. `state` points at the stream of the first lane. */
export function studentFactor(state: usize, nu: v128): v128 {
  const first = rootOfMixing(state, f64x2.extract_lane(nu, 0))
  return f64x2.replace_lane(f64x2.splat(first), 1, rootOfMixing(state + 8, f64x2.extract_lane(nu, 1)))
}

/**
 * sqrt(nu / (2 G)), G ~ Gamma(nu/2) by Marsaglia and Tsang (2000); below shape 1 G = G' u^(2/nu) with G' of shape
 * nu/2 + 1.
 */
function rootOfMixing(state: usize, nu: f64): f64 {
  const shape = nu * 0.5
  const boosted = shape < 1
  const d = (boosted ? shape + 1.0 : shape) - 1.0 / 3.0
  const c = 1.0 / Math.sqrt(9.0 * d)
  while (true) {
    const z = nextNormal(state)
    const t = 1.0 + c * z
    if (t <= 0) continue
    const v = t * t * t
    const u = nextFraction(state)
    if (log(u) >= 0.5 * (z * z) + (d - d * v + d * log(v))) continue
    const root = Math.sqrt(nu / (2.0 * (d * v)))
    return boosted ? root * exp(-log(nextFraction(state)) / nu) : root
  }
}

/** The odd fraction of one lane. */
function nextFraction(state: usize): f64 {
  return reinterpret<f64>((nextLane(state) >> 12) | 0x3ff0000000000000) - reinterpret<f64>(<u64>0x3fefffffffffffff)
}
