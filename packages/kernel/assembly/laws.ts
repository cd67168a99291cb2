// Laws other than the normal (normal.ts), two lanes at a time. `bits` are 64-bit draws: bit 0 the sign, bits 12-63 the
// odd fraction f = (2k + 1) / 2^53, which is never 0 or 1. The scalar twin is src/laws/laws.ts.

import { cos_v, exp_v, log_v, sin_v, sinh_v, tan_v } from './elementary'
import { exp, fraction, log, nextNormal, signed } from './normal'
import { nextLane } from './xoshiro'

const HALF_PI: f64 = 1.5707963267948966
const PI: f64 = 3.141592653589793
const ROOT_HALF: f64 = 0.7071067811865476
const ROOT_TWO: f64 = 1.4142135623730951
/** Smallest normal number. */
const TINY: f64 = 2.2250738585072014e-308

// @ts-ignore: decorator
@inline
function exponential(bits: v128): v128 {
  return f64x2.neg(log_v(fraction(bits)))
}

/** Uniform on (-sqrt 3, sqrt 3): variance one. */
// @ts-ignore: decorator
@inline
export function uniform(bits: v128): v128 {
  return signed(f64x2.mul(fraction(bits), f64x2.splat(1.7320508075688772)), bits)
}

/** +1 or -1. */
// @ts-ignore: decorator
@inline
export function rademacher(bits: v128): v128 {
  return signed(f64x2.splat(1.0), bits)
}

/** Variance one. */
export function laplace(bits: v128): v128 {
  return signed(f64x2.mul(exponential(bits), f64x2.splat(ROOT_HALF)), bits)
}

/** Standard: 1 / tan(f pi / 2), so that the far tail comes from small f and keeps its digits. */
export function cauchy(bits: v128): v128 {
  return signed(f64x2.div(f64x2.splat(1), tan_v(f64x2.mul(fraction(bits), f64x2.splat(HALF_PI)))), bits)
}

/**
 * Student t: sqrt(nu (u^(-2/nu) - 1)) cos(angle) (Bailey 1994), with u^(-2/nu) - 1 = 2 sinh(h) exp(h), h = -log(u)/nu.
 */
export function student(radius: v128, angle: v128, nu: v128): v128 {
  const h = f64x2.div(exponential(radius), nu)
  const root = f64x2.sqrt(f64x2.mul(f64x2.add(nu, nu), sinh_v(h)))
  const length = f64x2.mul(root, exp_v(f64x2.mul(h, f64x2.splat(0.5))))
  return signed(f64x2.mul(length, cos_v(f64x2.mul(fraction(angle), f64x2.splat(HALF_PI)))), angle)
}

/** Symmetric stable, characteristic function exp(-|t|^alpha) (Chambers, Mallows, Stuck 1976); |V| = pi/2 - c. */
export function stable(angle: v128, waiting: v128, alpha: v128): v128 {
  const c = f64x2.mul(fraction(angle), f64x2.splat(HALF_PI))
  const v = f64x2.sub(f64x2.splat(HALF_PI), c)
  const rest = f64x2.sub(f64x2.splat(1), alpha)
  const ratio = f64x2.sub(log_v(cos_v(f64x2.mul(rest, v))), log_v(exponential(waiting)))
  const power = f64x2.div(f64x2.sub(f64x2.mul(rest, ratio), log_v(sin_v(c))), alpha)
  return signed(f64x2.mul(sin_v(f64x2.mul(alpha, v)), exp_v(power)), angle)
}

// Roots of the mixing variables A of Gaussian scale mixtures: xi = z sqrt(A) ------------------------------------------

/** A ~ Exp(1): coordinates are laplace. */
export function laplaceFactor(bits: v128): v128 {
  return f64x2.sqrt(exponential(bits))
}

/** A = 1 / chi^2_1, from the normal z: coordinates are cauchy. */
// @ts-ignore: decorator
@inline
export function cauchyFactor(z: v128): v128 {
  return f64x2.div(f64x2.splat(1), f64x2.abs(z))
}

/** A = 2 S with S positive (alpha/2)-stable (Kanter 1975): coordinates are stable. The angle is pi - c. */
export function stableFactor(angle: v128, waiting: v128, alpha: v128): v128 {
  const a = f64x2.mul(alpha, f64x2.splat(0.5))
  const c = f64x2.mul(fraction(angle), f64x2.splat(PI))
  const u = f64x2.sub(f64x2.splat(PI), c)
  const rest = f64x2.sub(f64x2.splat(1), a)
  // For alpha = 2 the sine is 0 and its weight too.
  const sine = f64x2.pmax(f64x2.splat(TINY), sin_v(f64x2.mul(rest, u)))
  const ratio = f64x2.sub(log_v(sine), log_v(exponential(waiting)))
  const power = f64x2.div(f64x2.sub(f64x2.mul(rest, ratio), log_v(sin_v(c))), a)
  const logarithm = f64x2.add(log_v(sin_v(f64x2.mul(a, u))), power)
  return f64x2.mul(f64x2.splat(ROOT_TWO), exp_v(f64x2.mul(f64x2.splat(0.5), logarithm)))
}

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
