// Exponential, logarithm, logistic and error function.

import {
  BITS, add_v, at_v, div_v, four_v, fourAnd_v, half_v, infinity_v, max_v, min_v, mul_v, one_v, pair_v, relu_v,
  roundShift_v, select_v, signOf_v, step_v, sub_v, twoTo_v, two_v,
} from './vectors'

// @ts-ignore: decorator
@lazy const EXP: usize = memory.data<f64>([
  0.5000000000000016, 0.1666666666666668, 0.04166666666649663, 0.008333333333320257, 0.0013888888951375555,
  0.00019841269889324774, 2.4801485806206608e-5, 2.7557241167709257e-6, 2.7632662161234353e-7, 2.5110054903354823e-8,
  1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10, 710, -746,
])

// @ts-ignore: decorator
@inline
export function expReduced_v(upper: v128, lower: v128): v128 {
  const r = sub_v(upper, lower)
  const r2 = mul_v(r, r)
  const r4 = mul_v(r2, r2)
  const q89 = pair_v(EXP, 8, r)
  const q = step_v(four_v(EXP, 0, r, r2), step_v(four_v(EXP, 4, r, r2), q89, r4), r4)
  const sum = add_v(one_v(), upper)
  const lost = sub_v(upper, sub_v(sum, one_v()))
  return add_v(sum, add_v(lost, sub_v(mul_v(r2, q), lower)))
}

// @ts-ignore: decorator
@inline
function expBounded_v(x: v128): v128 {
  const shifted = add_v(mul_v(x, at_v(EXP, 10)), roundShift_v())
  const k = sub_v(shifted, roundShift_v())
  const upper = sub_v(x, mul_v(k, at_v(EXP, 11)))
  return mul_v(expReduced_v(upper, mul_v(k, at_v(EXP, 12))), twoTo_v(shifted))
}

/** The halves of the exponent are taken from the low words; what is left in the high words is shifted out. */
// @ts-ignore: decorator
@inline
export function scale_v(value: v128, exponent: v128): v128 {
  const half = i32x4.shr_s(exponent, 1)
  return mul_v(mul_v(value, twoTo_v(half)), twoTo_v(i64x2.sub(exponent, half)))
}

// @ts-ignore: decorator
@inline
export function expScaled_v(x: v128, shift: i64): v128 {
  const shifted = add_v(mul_v(x, at_v(EXP, 10)), roundShift_v())
  const k = sub_v(shifted, roundShift_v())
  const upper = sub_v(x, mul_v(k, at_v(EXP, 11)))
  const value = expReduced_v(upper, mul_v(k, at_v(EXP, 12)))
  return scale_v(value, shift ? i64x2.add(shifted, i64x2.splat(shift)) : shifted)
}

// @ts-ignore: decorator
@inline
export function exp_v(x: v128): v128 {
  return expScaled_v(max_v(min_v(x, at_v(EXP, 13)), at_v(EXP, 14)), 0)
}

// Logarithm -----------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const LOG: usize = memory.data<f64>([
  1.9082149292705877e-10, 0.6931471803691238, 4503599627370496, 4503599627371519, 0.6666666666666734,
  0.3999999999941769, 0.2857142874176354, 0.22222198632462345, 0.18183561491230885, 0.1531411692891872,
  0.1479534532674964, 2.2250738585072014e-308, 18014398509481984, 4503599627371573, 0.666666666666666,
  0.40000000000055297, 0.28571428556145934, 0.22222224262001367, 0.18181667865810755, 0.15391049547530206,
  0.13174626318445684, 0.13836265860545235,
])

/** k ln 2 + log(1 + f), given s = f / (2 + f) and s^2 L(s^2). */
// @ts-ignore: decorator
@inline
function logAssembled_v(k: v128, f: v128, s: v128, r: v128): v128 {
  const halfSquare = mul_v(mul_v(half_v(), f), f)
  const lower = add_v(mul_v(s, add_v(halfSquare, r)), mul_v(k, at_v(LOG, 0)))
  return sub_v(mul_v(k, at_v(LOG, 1)), sub_v(sub_v(halfSquare, lower), f))
}

// @ts-ignore: decorator
@inline
function logSeries_v(k: v128, f: v128): v128 {
  const s = div_v(f, add_v(two_v(), f))
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  const l = fourAnd_v(LOG, 4, z, w, step_v(pair_v(LOG, 8, z), w, at_v(LOG, 10)))
  return logAssembled_v(k, f, s, mul_v(z, l))
}

// @ts-ignore: decorator
@inline
function logExponent_v(scaled: v128, bias: v128): v128 {
  // The biased exponent of scaled / sqrt(1/2) in the low bits of 2^52, to become a number.
  const offset = i64x2.sub(scaled, at_v(BITS, 8))
  const biased = i64x2.shr_u(i64x2.add(offset, at_v(BITS, 3)), 52)
  const k = sub_v(v128.or(biased, at_v(LOG, 2)), bias)
  return logSeries_v(k, sub_v(i64x2.sub(scaled, v128.and(offset, at_v(BITS, 2))), one_v()))
}

/** log x for normal positive finite x only. */
// @ts-ignore: decorator
@inline
export function logNormal_v(x: v128): v128 {
  return logExponent_v(x, at_v(LOG, 3))
}

/** log x for all x. */
function logAny_v(x: v128): v128 {
  const subnormal = f64x2.lt(x, at_v(LOG, 11))
  const scaled = select_v(subnormal, mul_v(x, at_v(LOG, 12)), x)
  const value = logExponent_v(scaled, select_v(subnormal, at_v(LOG, 13), at_v(LOG, 3)))
  const positive = select_v(f64x2.lt(x, infinity_v()), value, x)
  const rest = select_v(f64x2.eq(x, f64x2.splat(0)), at_v(BITS, 2), at_v(BITS, 7))
  return select_v(f64x2.gt(x, f64x2.splat(0)), positive, rest)
}

// @ts-ignore: decorator
@inline
export function log_v(x: v128): v128 {
  const normal = v128.and(f64x2.ge(x, at_v(LOG, 11)), f64x2.lt(x, infinity_v()))
  return i64x2.all_true(normal) ? logNormal_v(x) : logAny_v(x)
}

// @ts-ignore: decorator
@inline
function logOnePlus_v(e: v128): v128 {
  const halved = f64x2.ge(e, half_v())
  const f = select_v(halved, mul_v(sub_v(e, one_v()), half_v()), e)
  const k = v128.and(halved, one_v())
  const s = div_v(f, add_v(two_v(), f))
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  return logAssembled_v(k, f, s, mul_v(z, fourAnd_v(LOG, 14, z, w, four_v(LOG, 18, z, w))))
}

// Logistic ------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function decay_v(x: v128): v128 {
  return expScaled_v(max_v(f64x2.neg(f64x2.abs(x)), at_v(EXP, 14)), 0)
}

// @ts-ignore: decorator
@inline
export function sigmoid_v(x: v128): v128 {
  const e = decay_v(x)
  const negative = f64x2.lt(x, f64x2.splat(0))
  const quotient = div_v(select_v(negative, e, one_v()), add_v(one_v(), e))
  return select_v(negative, sub_v(e, mul_v(e, quotient)), quotient)
}

// @ts-ignore: decorator
@inline
export function softplus_v(x: v128): v128 {
  return add_v(relu_v(x), logOnePlus_v(decay_v(x)))
}

// Error function ------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const ERF: usize = memory.data<f64>([
  6, 0.84375, -0.0476939698647356, -0.008716708250323914, -0.0004803189547585447, -2.004590198230704e-5,
  0.1283791670955126, -0.31726365778943144, 0.09288617823183384, 0.010511395295464446, 0.0006742354683242841,
  1.9994249039402407e-5, 0.45850687906872767, 0.5555340958282943, 0.1616464807314779, 0.02801142072883471,
  0.002296817379084411, 1.0000000027294795, 1.5545296966290283, 1.1981057349681408, 1.0095308357505375,
  0.28854236133206473, 0.04964917294534245, 0.004070996928825498, 3.2254440460710776, 2.264402573215722,
  2.682908897164762,
])

export function erf_v(x: v128): v128 {
  const a = min_v(f64x2.abs(x), at_v(ERF, 0))
  const z = mul_v(a, a)
  const small = f64x2.lt(a, at_v(ERF, 1))
  const smallP2 = step_v(at_v(ERF, 2), z, step_v(at_v(ERF, 3), z, pair_v(ERF, 4, z)))
  const smallP = step_v(at_v(ERF, 6), z, step_v(at_v(ERF, 7), z, smallP2))
  const smallQ2 = step_v(at_v(ERF, 8), z, step_v(at_v(ERF, 9), z, pair_v(ERF, 10, z)))
  const smallQ = step_v(one_v(), z, step_v(at_v(ERF, 12), z, smallQ2))
  const p3 = step_v(at_v(ERF, 13), a, step_v(at_v(ERF, 14), a, pair_v(ERF, 15, a)))
  const p = step_v(at_v(ERF, 17), a, step_v(at_v(ERF, 18), a, step_v(at_v(ERF, 19), a, p3)))
  const q4 = step_v(at_v(ERF, 20), a, step_v(at_v(ERF, 21), a, pair_v(ERF, 22, a)))
  const q3 = step_v(at_v(ERF, 24), a, step_v(at_v(ERF, 25), a, q4))
  const q = step_v(one_v(), a, step_v(at_v(ERF, 26), a, q3))
  const quotient = div_v(select_v(small, smallP, p), select_v(small, smallQ, q))
  const near = step_v(a, a, quotient)
  const far = sub_v(one_v(), mul_v(expBounded_v(f64x2.neg(z)), quotient))
  return v128.xor(select_v(small, near, far), signOf_v(x))
}
