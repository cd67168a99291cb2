/**
 * The elementary functions in SIMD lanes: AssemblyScript, one f64x2 in, one out, the two lanes independent.
 *
 * Every lane carries the bits of the scalar function of the same name in packages/formula/src/elementary (any NaN
 * for any NaN): the same operations in the same order, both sides of each branch computed and one selected. What
 * the formulas are and where they come from stands there; a change here is a change there.
 *
 * The text stands alone: no imports, no allocation (runtime stub), no relaxed SIMD. Memory: constants stand in
 * static tables (@lazy: at most 3 kB, a table only when a function of its family is used). What a module does not call
 * is not compiled into it; import what is needed (`import { exp_v } from './elementary'`), for in an entry file every
 * `export` would be kept.
 *
 * powerInteger: the generator unrolls x^k, a literal 0 < k <= 64, by the recursion of powerInteger.ts, most significant
 * bit first, one local a step, and wraps a negative exponent in a division:
 *
 *     let p = x                                  // the leading 1 bit of k
 *     p = f64x2.mul(p, p)                        // for each further bit: square,
 *     p = f64x2.mul(p, x)                        // and where the bit is 1, times x
 *     f64x2.div(f64x2.splat(1), p)               // for -k
 *
 * so x^5 = mul(mul(mul(x, x), mul(x, x)), x); x^0 is splat(1). `power_v` is for all other exponents.
 */

// @ts-ignore: decorator
@inline function add_v(a: v128, b: v128): v128 { return f64x2.add(a, b) }
// @ts-ignore: decorator
@inline function sub_v(a: v128, b: v128): v128 { return f64x2.sub(a, b) }
// @ts-ignore: decorator
@inline function mul_v(a: v128, b: v128): v128 { return f64x2.mul(a, b) }
// @ts-ignore: decorator
@inline function div_v(a: v128, b: v128): v128 { return f64x2.div(a, b) }
/** a + x b, one step of Horner's scheme. */
// @ts-ignore: decorator
@inline function step_v(a: v128, x: v128, b: v128): v128 { return f64x2.add(a, f64x2.mul(x, b)) }
/** Where the mask is set a, else b. */
// @ts-ignore: decorator
@inline function select_v(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask) }

/**
 * Both lanes from word `at` of a table. V8 builds a constant vector in three instructions but loads it in one, if the
 * address is a single constant (not base plus immediate offset): exp takes 3.3 instead of 5.4 ns a lane.
 */
// @ts-ignore: decorator
@inline function at_v(table: usize, at: usize): v128 { return v128.load64_splat(table + (at << 3)) }
/** c[at] + c[at + 1] x. */
// @ts-ignore: decorator
@inline function pair_v(table: usize, at: usize, x: v128): v128 {
  return f64x2.add(at_v(table, at), f64x2.mul(at_v(table, at + 1), x))
}

// @ts-ignore: decorator
@lazy const PLAIN: usize = memory.data<f64>([0.5, 1, 2, 6755399441055744])
// @ts-ignore: decorator
@inline function half_v(): v128 { return at_v(PLAIN, 0) }
// @ts-ignore: decorator
@inline function one_v(): v128 { return at_v(PLAIN, 1) }
// @ts-ignore: decorator
@inline function two_v(): v128 { return at_v(PLAIN, 2) }
/** 1.5 * 2^52: rounds to an integer that then stands in the low bits. */
// @ts-ignore: decorator
@inline function roundShift_v(): v128 { return at_v(PLAIN, 3) }

// @ts-ignore: decorator
@lazy const BITS: usize = memory.data<u64>([
  0x8000000000000000, 0xffffffff00000000, 0xfff0000000000000, 0x3ff0000000000000, 1023, 1, 0x7ff0000000000000,
  0x7ff8000000000000, 0x3fe6a09e00000000, 0x3febb67a00000000,
])
// @ts-ignore: decorator
@inline function signOf_v(x: v128): v128 { return v128.and(x, at_v(BITS, 0)) }
// @ts-ignore: decorator
@inline function infinity_v(): v128 { return at_v(BITS, 6) }
/** The upper 21 significant bits. */
// @ts-ignore: decorator
@inline function upper_v(x: v128): v128 { return v128.and(x, at_v(BITS, 1)) }
/** 2^k from an integer in the low word of each lane. */
// @ts-ignore: decorator
@inline function twoTo_v(k: v128): v128 { return i64x2.shl(i64x2.add(k, at_v(BITS, 4)), 52) }

// Selection -----------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline export function sqrt_v(x: v128): v128 { return f64x2.sqrt(x) }
// @ts-ignore: decorator
@inline export function abs_v(x: v128): v128 { return f64x2.abs(x) }
// @ts-ignore: decorator
@inline export function min_v(a: v128, b: v128): v128 { return f64x2.pmin(a, b) }
// @ts-ignore: decorator
@inline export function max_v(a: v128, b: v128): v128 { return f64x2.pmax(a, b) }
// @ts-ignore: decorator
@inline export function relu_v(x: v128): v128 { return v128.and(x, f64x2.gt(x, f64x2.splat(0))) }

/** -1, 0 or 1; NaN stays. */
// @ts-ignore: decorator
@inline export function sign_v(x: v128): v128 {
  const one = one_v()
  const value = f64x2.sub(
    v128.and(one, f64x2.gt(x, f64x2.splat(0))),
    v128.and(one, f64x2.lt(x, f64x2.splat(0))),
  )
  return v128.bitselect(value, x, f64x2.eq(x, x))
}

// Exponential ---------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const EXP: usize = memory.data<f64>([
  0.5000000000000016, 0.1666666666666668, 0.04166666666649663, 0.008333333333320257, 0.0013888888951375555,
  0.00019841269889324774, 2.4801485806206608e-5, 2.7557241167709257e-6, 2.7632662161234353e-7, 2.5110054903354823e-8,
  1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10, 710, -746,
])

// @ts-ignore: decorator
@inline
function expReduced_v(upper: v128, lower: v128): v128 {
  const r = sub_v(upper, lower)
  const r2 = mul_v(r, r)
  const r4 = mul_v(r2, r2)
  const q01 = pair_v(EXP, 0, r)
  const q23 = pair_v(EXP, 2, r)
  const q45 = pair_v(EXP, 4, r)
  const q67 = pair_v(EXP, 6, r)
  const q89 = pair_v(EXP, 8, r)
  const q = step_v(step_v(q01, q23, r2), step_v(step_v(q45, q67, r2), q89, r4), r4)
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
function scale_v(value: v128, exponent: v128): v128 {
  const half = i32x4.shr_s(exponent, 1)
  return mul_v(mul_v(value, twoTo_v(half)), twoTo_v(i64x2.sub(exponent, half)))
}

// @ts-ignore: decorator
@inline
function expScaled_v(x: v128, shift: i64): v128 {
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
  const l01 = pair_v(LOG, 4, z)
  const l23 = pair_v(LOG, 6, z)
  const l45 = pair_v(LOG, 8, z)
  const r = mul_v(z, step_v(l01, w, step_v(l23, w, step_v(l45, w, at_v(LOG, 10)))))
  return logAssembled_v(k, f, s, r)
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
  const l01 = pair_v(LOG, 14, z)
  const l23 = pair_v(LOG, 16, z)
  const l45 = pair_v(LOG, 18, z)
  const l67 = pair_v(LOG, 20, z)
  return logAssembled_v(k, f, s, mul_v(z, step_v(l01, w, step_v(l23, w, step_v(l45, w, l67)))))
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

// Hyperbolic ----------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const HYPERBOLIC: usize = memory.data<f64>([
  712, 0.16666666666666666, 0.008333333333333333, 0.00019841269841269592, 2.755731922412018e-6,
  2.5052108345654353e-8, 1.6059050704326124e-10, 7.646476456955315e-13, 2.848395879113187e-15, 0.25, 0.625,
  -0.3333333333333332, -0.02049665925046905, -0.0001990832952056485, 0.46148997775139117, 0.023288479081681662,
  0.00020643226973768628, 20, -2,
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
  const h01 = pair_v(HYPERBOLIC, 1, z)
  const h23 = pair_v(HYPERBOLIC, 3, z)
  const h45 = pair_v(HYPERBOLIC, 5, z)
  const h67 = pair_v(HYPERBOLIC, 7, z)
  const series = mul_v(z, step_v(h01, w, step_v(h23, w, step_v(h45, w, h67))))
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

/**
 * Where the host puts tanh(i/128) for i = -2440 .. 2440 (`tanhTable` of the formulas): behind the static data, since
 * 4,881 numbers would be most of a module. Reads for NaN go up to 64 KiB and count for nothing.
 */
const TANH_TABLE: usize = 0x1d000

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
  const m0 = max_v(min_v(v128.load(x, 0), upper), lower)
  const m1 = max_v(min_v(v128.load(x, 16), upper), lower)
  const m2 = max_v(min_v(v128.load(x, 32), upper), lower)
  const m3 = max_v(min_v(v128.load(x, 48), upper), lower)
  const s0 = add_v(m0, shift)
  const s1 = add_v(m1, shift)
  const s2 = add_v(m2, shift)
  const s3 = add_v(m3, shift)
  const d0 = sub_v(m0, sub_v(s0, shift))
  const d1 = sub_v(m1, sub_v(s1, shift))
  const d2 = sub_v(m2, sub_v(s2, shift))
  const d3 = sub_v(m3, sub_v(s3, shift))
  const z0 = mul_v(d0, d0)
  const z1 = mul_v(d1, d1)
  const z2 = mul_v(d2, d2)
  const z3 = mul_v(d3, d3)
  const p0 = sub_v(c0, mul_v(c1, z0))
  const p1 = sub_v(c0, mul_v(c1, z1))
  const p2 = sub_v(c0, mul_v(c1, z2))
  const p3 = sub_v(c0, mul_v(c1, z3))
  const u0 = mul_v(d0, sub_v(one, mul_v(z0, p0)))
  const u1 = mul_v(d1, sub_v(one, mul_v(z1, p1)))
  const u2 = mul_v(d2, sub_v(one, mul_v(z2, p2)))
  const u3 = mul_v(d3, sub_v(one, mul_v(z3, p3)))
  const t0 = tanhAt_v(s0)
  const t1 = tanhAt_v(s1)
  const t2 = tanhAt_v(s2)
  const t3 = tanhAt_v(s3)
  v128.store(y, add_v(t0, div_v(mul_v(sub_v(one, mul_v(t0, t0)), u0), step_v(one, t0, u0))), 0)
  v128.store(y, add_v(t1, div_v(mul_v(sub_v(one, mul_v(t1, t1)), u1), step_v(one, t1, u1))), 16)
  v128.store(y, add_v(t2, div_v(mul_v(sub_v(one, mul_v(t2, t2)), u2), step_v(one, t2, u2))), 32)
  v128.store(y, add_v(t3, div_v(mul_v(sub_v(one, mul_v(t3, t3)), u3), step_v(one, t3, u3))), 48)
}

// Inverse -------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const INVERSE: usize = memory.data<f64>([
  0.4375, 0.6875, 1.1875, 2.4375, 1.5, -1, 0.982793723247329, 1.5707963267948966, 1.3903311031230998e-17,
  6.123233995736766e-17, 0.7853981633974483, 3.061616997868383e-17, 0.4636476090008061, 2.2698777452961687e-17,
  0.33333333333332904, -0.19999999999869192, 0.1428571427186909, -0.11111110378039767, 0.0909088645105397,
  -0.07691865691545767, 0.06660969524996499, -0.05832915828688374, 0.049743166436525765, -0.03647497686631413,
  0.01623186368436869, 0.16666666666666752, 0.0749999999997315, 0.04464285717236861, 0.030381942815076998,
  0.022372211982030567, 0.0173516655888634, 0.013980184093834582, 0.011404068082388074, 0.010751656079494408,
  0.003813270416705725, 0.021450242779625966, -0.020638983964698716, 0.032405832749597234, 1e-300,
])

export function atan_v(x: v128): v128 {
  const a = f64x2.abs(x)
  const below0 = f64x2.lt(a, at_v(INVERSE, 0))
  const below1 = f64x2.lt(a, at_v(INVERSE, 1))
  const below2 = f64x2.lt(a, at_v(INVERSE, 2))
  const below3 = f64x2.lt(a, at_v(INVERSE, 3))
  let numerator = select_v(below3, sub_v(a, at_v(INVERSE, 4)), at_v(INVERSE, 5))
  let denominator = select_v(below3, step_v(one_v(), at_v(INVERSE, 4), a), a)
  let base = select_v(below3, at_v(INVERSE, 6), at_v(INVERSE, 7))
  let lower = select_v(below3, at_v(INVERSE, 8), at_v(INVERSE, 9))
  numerator = select_v(below2, sub_v(a, one_v()), numerator)
  denominator = select_v(below2, add_v(a, one_v()), denominator)
  base = select_v(below2, at_v(INVERSE, 10), base)
  lower = select_v(below2, at_v(INVERSE, 11), lower)
  numerator = select_v(below1, sub_v(mul_v(two_v(), a), one_v()), numerator)
  denominator = select_v(below1, add_v(two_v(), a), denominator)
  base = select_v(below1, at_v(INVERSE, 12), base)
  lower = select_v(below1, at_v(INVERSE, 13), lower)
  numerator = select_v(below0, a, numerator)
  denominator = select_v(below0, one_v(), denominator)
  base = v128.andnot(base, below0)
  lower = v128.andnot(lower, below0)
  const t = div_v(numerator, denominator)
  const z = mul_v(t, t)
  const w = mul_v(z, z)
  const a01 = pair_v(INVERSE, 14, z)
  const a23 = pair_v(INVERSE, 16, z)
  const a45 = pair_v(INVERSE, 18, z)
  const a67 = pair_v(INVERSE, 20, z)
  const a89 = pair_v(INVERSE, 22, z)
  const tail = step_v(a45, w, step_v(a67, w, step_v(a89, w, at_v(INVERSE, 24))))
  const p = mul_v(z, step_v(a01, w, step_v(a23, w, tail)))
  return v128.xor(sub_v(base, sub_v(sub_v(mul_v(t, p), lower), t)), signOf_v(x))
}

export function acos_v(x: v128): v128 {
  const a = f64x2.abs(x)
  const small = f64x2.lt(a, half_v())
  const z = select_v(small, mul_v(x, x), mul_v(sub_v(one_v(), a), half_v()))
  const w = mul_v(z, z)
  const r01 = pair_v(INVERSE, 25, z)
  const r23 = pair_v(INVERSE, 27, z)
  const r45 = pair_v(INVERSE, 29, z)
  const r67 = pair_v(INVERSE, 31, z)
  const r89 = pair_v(INVERSE, 33, z)
  const rab = pair_v(INVERSE, 35, z)
  const tail = step_v(r67, w, step_v(r89, w, step_v(rab, w, at_v(INVERSE, 37))))
  const r = mul_v(z, step_v(r01, w, step_v(r23, w, step_v(r45, w, tail))))
  const halfPi = at_v(INVERSE, 7)
  const halfPiLower = at_v(INVERSE, 9)
  const middle = sub_v(halfPi, sub_v(x, sub_v(halfPiLower, mul_v(x, r))))
  const s = f64x2.sqrt(z)
  const rs = mul_v(r, s)
  const negative = mul_v(two_v(), sub_v(halfPi, add_v(s, sub_v(rs, halfPiLower))))
  const head = upper_v(s)
  const rest = div_v(sub_v(z, mul_v(head, head)), add_v(add_v(s, head), at_v(INVERSE, 38)))
  const positive = mul_v(two_v(), add_v(head, add_v(rs, rest)))
  return select_v(small, middle, select_v(f64x2.lt(x, f64x2.splat(0)), negative, positive))
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

// Angles --------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const ANGLE: usize = memory.data<f64>([
  0.008333333333322404, -0.00019841269829800958, 2.7557313689617902e-6, -2.5050757764922836e-8,
  1.589677581860031e-10, -0.16666666666666632, 0.041666666666666644, -0.0013888888888882052, 2.480158729441328e-5,
  -2.755731576228444e-7, 2.0875912256079023e-9, -1.1369274327270106e-11, 0.6743316650390625, 0.7853981633974483,
  3.061616997868383e-17, 0.13333333333320355, 0.053968253976083194, 0.02186948829880066, 0.008863239763156987,
  0.0035920796801229738, 0.0014562059141171664, 0.0005880559173266575, 0.00024642213299378135, 7.825535173432172e-5,
  7.131842369983078e-5, -1.849955708331707e-5, 2.589045516241703e-5, 0.3333333333333341, -1, 0.6366197723675814,
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32, 1048576,
])

/** What reduceLarge gives back: head + tail and quarter turns of formula's ReducedAngle. */
let largeHead: f64 = 0
let largeTail: f64 = 0
let largeQuarter: i64 = 0

/** The upper 64 bits of a b. */
function upperProduct(a: u64, b: u64): u64 {
  const al = a & 0xffffffff
  const ah = a >> 32
  const bl = b & 0xffffffff
  const bh = b >> 32
  const middle = ah * bl + ((al * bl) >> 32)
  const carry = al * bh + (middle & 0xffffffff)
  return ah * bh + (middle >> 32) + (carry >> 32)
}

/** Bits at..at+63 of the table, big end first. */
// @ts-ignore: decorator
@inline
function windowOf(table: usize, at: i32): u64 {
  const place = table + ((<usize>(at >> 6)) << 3)
  const shift = <u64>(at & 63)
  return (load<u64>(place) << shift) | ((load<u64>(place, 8) >> 1) >> (63 - shift))
}

/**
 * formula's reduceLarge in 64-bit words, for magnitude >= 2^20: exact up to the last rounding, so its bits are the
 * same.
 */
function reduceLarge(magnitude: f64): void {
  if (magnitude == f64.POSITIVE_INFINITY) {
    largeHead = NaN
    largeTail = NaN
    largeQuarter = 0
    return
  }
  // 64 zeros, then the first 1,216 bits of 2/pi.
  const table = memory.data<u64>([
    0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
    0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
  ])
  const bits = reinterpret<u64>(magnitude)
  const exponent = <i32>(bits >> 52) - 1075
  const m = (bits & 0x000fffffffffffff) | 0x0010000000000000
  const at = exponent + 62
  const window1 = windowOf(table, at + 64)
  const window2 = windowOf(table, at + 128)
  // m times the window, modulo 2^192, in three words.
  const product2 = m * window2
  const carry2 = upperProduct(m, window2)
  const low1 = m * window1
  const product1 = low1 + carry2
  const product0 = m * windowOf(table, at) + upperProduct(m, window1) + u64(product1 < low1)
  let quarter = <i64>(product0 >> 62)
  let f0 = product0 & 0x3fffffffffffffff
  let f1 = product1
  let f2 = product2
  const above = f0 >> 61 == 1
  if (above) {
    // 2^190 minus the fraction.
    quarter += 1
    f2 = 0 - f2
    f1 = 0 - f1 - u64(f2 != 0)
    f0 = 0x4000000000000000 - f0 - u64((f1 | f2) != 0)
  }
  // The leading bit to the top; at most 64 zeros lead, since no double is nearer than 2^-62 to a multiple of pi/2.
  let length = 192
  if (f0 == 0) {
    f0 = f1
    f1 = f2
    f2 = 0
    length = 128
  }
  const zeros = clz(f0)
  length -= <i32>zeros
  f0 = (f0 << zeros) | ((f1 >> 1) >> (63 - zeros))
  f1 = (f1 << zeros) | ((f2 >> 1) >> (63 - zeros))
  let head = <f64>(f0 >> 11) * reinterpret<f64>(<u64>(length - 243 + 1023) << 52)
  let rest = <f64>(((f0 & 0x7ff) << 42) | (f1 >> 22)) * reinterpret<f64>(<u64>(length - 296 + 1023) << 52)
  if (above) {
    head = -head
    rest = -rest
  }
  const product = head * 1.5707963267948966
  const headUpper = reinterpret<f64>(reinterpret<u64>(head) & 0xffffffff00000000)
  const headLower = head - headUpper
  const lost =
    headUpper * 1.570796012878418 -
    product +
    headUpper * 3.13916478589249e-7 +
    headLower * 1.570796012878418 +
    headLower * 3.13916478589249e-7
  const tail = lost + (head * 6.123233995736766e-17 + rest * 1.5707963267948966)
  const sum = product + tail
  largeHead = sum
  largeTail = product - sum + tail
  largeQuarter = quarter
}

// @ts-ignore: decorator
@inline
function sinReduced_v(x: v128, tail: v128): v128 {
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const s12 = pair_v(ANGLE, 0, z)
  const s34 = pair_v(ANGLE, 2, z)
  const s = step_v(s12, w, step_v(s34, w, at_v(ANGLE, 4)))
  const cube = mul_v(z, x)
  const inner = sub_v(mul_v(z, sub_v(mul_v(half_v(), tail), mul_v(cube, s))), tail)
  return sub_v(x, sub_v(inner, mul_v(cube, at_v(ANGLE, 5))))
}

// @ts-ignore: decorator
@inline
function cosReduced_v(x: v128, tail: v128): v128 {
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const c01 = pair_v(ANGLE, 6, z)
  const c23 = pair_v(ANGLE, 8, z)
  const c45 = pair_v(ANGLE, 10, z)
  const c = mul_v(z, step_v(c01, w, step_v(c23, w, c45)))
  const half = mul_v(half_v(), z)
  const head = sub_v(one_v(), half)
  const lost = sub_v(sub_v(one_v(), head), half)
  return add_v(head, add_v(lost, sub_v(mul_v(z, c), mul_v(x, tail))))
}

/** Sign and magnitude of tan in odd quarters as in formula's tanReduced. */
// @ts-ignore: decorator
@inline
function tanReduced_v(signed: v128, signedTail: v128, odd: v128): v128 {
  const a = f64x2.abs(signed)
  const b = v128.xor(signedTail, signOf_v(signed))
  const near = f64x2.ge(a, at_v(ANGLE, 12))
  const turned = add_v(sub_v(at_v(ANGLE, 13), a), sub_v(at_v(ANGLE, 14), b))
  const x = select_v(near, turned, a)
  const y = v128.andnot(b, near)
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const t12 = pair_v(ANGLE, 15, z)
  const t34 = pair_v(ANGLE, 17, z)
  const t56 = pair_v(ANGLE, 19, z)
  const t78 = pair_v(ANGLE, 21, z)
  const t9a = pair_v(ANGLE, 23, z)
  const tbc = pair_v(ANGLE, 25, z)
  const t = step_v(t12, w, step_v(t34, w, step_v(t56, w, step_v(t78, w, step_v(t9a, w, tbc)))))
  const cube = mul_v(z, x)
  const inner = add_v(y, mul_v(z, add_v(mul_v(cube, t), y)))
  const r = add_v(inner, mul_v(at_v(ANGLE, 27), cube))
  const sum = add_v(x, r)
  const one = select_v(odd, at_v(ANGLE, 28), one_v())
  const quotient = div_v(select_v(near, mul_v(sum, sum), at_v(ANGLE, 28)), select_v(near, add_v(sum, one), sum))
  const nearValue = sub_v(one, mul_v(two_v(), sub_v(x, sub_v(quotient, r))))
  const sumUpper = upper_v(sum)
  const sumLower = sub_v(r, sub_v(sumUpper, x))
  const quotientUpper = upper_v(quotient)
  const remainder = add_v(add_v(one_v(), mul_v(quotientUpper, sumUpper)), mul_v(quotientUpper, sumLower))
  const oddValue = add_v(quotientUpper, mul_v(quotient, remainder))
  return select_v(near, nearValue, select_v(odd, oddValue, sum))
}

/** sin (0), cos (1) or tan (2): a constant, so that only the one asked for is compiled. */
// @ts-ignore: decorator
@inline
function circular_v(x: v128, which: i32): v128 {
  const magnitude = f64x2.abs(x)
  const shifted = add_v(mul_v(magnitude, at_v(ANGLE, 29)), roundShift_v())
  const n = sub_v(shifted, roundShift_v())
  const first = sub_v(magnitude, mul_v(n, at_v(ANGLE, 30)))
  const second = mul_v(n, at_v(ANGLE, 31))
  const third = mul_v(n, at_v(ANGLE, 32))
  const a = sub_v(first, second)
  const lostFirst = sub_v(sub_v(first, a), second)
  const b = sub_v(a, third)
  const lostSecond = sub_v(sub_v(a, b), third)
  const rest = sub_v(add_v(lostFirst, lostSecond), mul_v(n, at_v(ANGLE, 33)))
  let head = add_v(b, rest)
  let tail = add_v(sub_v(b, head), rest)
  let quarter = shifted
  const large = f64x2.ge(magnitude, at_v(ANGLE, 34))
  if (v128.any_true(large)) {
    if (i64x2.extract_lane(large, 0)) {
      reduceLarge(f64x2.extract_lane(magnitude, 0))
      head = f64x2.replace_lane(head, 0, largeHead)
      tail = f64x2.replace_lane(tail, 0, largeTail)
      quarter = i64x2.replace_lane(quarter, 0, largeQuarter)
    }
    if (i64x2.extract_lane(large, 1)) {
      reduceLarge(f64x2.extract_lane(magnitude, 1))
      head = f64x2.replace_lane(head, 1, largeHead)
      tail = f64x2.replace_lane(tail, 1, largeTail)
      quarter = i64x2.replace_lane(quarter, 1, largeQuarter)
    }
  }
  const odd = i64x2.eq(v128.and(quarter, at_v(BITS, 5)), at_v(BITS, 5))
  if (which == 2) {
    const value = tanReduced_v(head, tail, odd)
    return v128.xor(value, signOf_v(v128.xor(x, head)))
  }
  const sine = sinReduced_v(head, tail)
  const cosine = cosReduced_v(head, tail)
  if (which == 1) {
    const flip = signOf_v(i64x2.shl(i64x2.add(quarter, at_v(BITS, 5)), 62))
    return v128.xor(select_v(odd, sine, cosine), flip)
  }
  return v128.xor(select_v(odd, cosine, sine), signOf_v(v128.xor(i64x2.shl(quarter, 62), x)))
}

export function sin_v(x: v128): v128 {
  return circular_v(x, 0)
}

export function cos_v(x: v128): v128 {
  return circular_v(x, 1)
}

export function tan_v(x: v128): v128 {
  return circular_v(x, 2)
}

// Power ---------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const POWER: usize = memory.data<f64>([
  1e20, -1e20, 2.2250738585072014e-308, 18014398509481984, 4503599627371573, 4503599627371519, 4503599627370496,
  1.224744871391589, 1.5, 0.5999999999999999, 0.42857142857213953, 0.3333333325222941, 0.2727276108613744,
  0.23070558861292417, 0.20550466745985416, 3, 0.9617962837219238, 4.102040517767816e-7, 0.9617966939259756,
  1.3270968157207873e-7, 0.5849623680114746, 1025, -1080, 0.6931471805599453, 4.7493250390316726e-7,
  0.6931467056274414,
])

/** |x|^y for positive finite |x|; anything, without trapping, for others. */
// @ts-ignore: decorator
@inline
function powerPositive_v(base: v128, y: v128): v128 {
  const exponent = max_v(min_v(y, at_v(POWER, 0)), at_v(POWER, 1))
  const subnormal = f64x2.lt(base, at_v(POWER, 2))
  const scaled = select_v(subnormal, mul_v(base, at_v(POWER, 3)), base)
  const offset = i64x2.sub(scaled, at_v(BITS, 9))
  const biased = i64x2.shr_u(i64x2.add(offset, at_v(BITS, 3)), 52)
  const bias = select_v(subnormal, at_v(POWER, 4), at_v(POWER, 5))
  const n = sub_v(v128.or(biased, at_v(POWER, 6)), bias)
  const m = i64x2.sub(scaled, v128.and(offset, at_v(BITS, 2)))
  const aroundOne = f64x2.lt(m, at_v(POWER, 7))
  const c = select_v(aroundOne, one_v(), at_v(POWER, 8))
  const numerator = sub_v(m, c)
  const denominator = add_v(m, c)
  const reciprocal = div_v(one_v(), denominator)
  const s = mul_v(numerator, reciprocal)
  const sUpper = upper_v(s)
  const denominatorUpper = upper_v(denominator)
  const denominatorLower = sub_v(m, sub_v(denominatorUpper, c))
  const remainder = sub_v(sub_v(numerator, mul_v(sUpper, denominatorUpper)), mul_v(sUpper, denominatorLower))
  const sLower = mul_v(reciprocal, remainder)
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  const l01 = pair_v(POWER, 9, z)
  const l23 = pair_v(POWER, 11, z)
  const l45 = pair_v(POWER, 13, z)
  const even = mul_v(w, step_v(l01, w, step_v(l23, w, l45)))
  const series = add_v(even, mul_v(sLower, add_v(sUpper, s)))
  const square = mul_v(sUpper, sUpper)
  const sumUpper = upper_v(add_v(add_v(at_v(POWER, 15), square), series))
  const sumLower = sub_v(series, sub_v(sub_v(sumUpper, at_v(POWER, 15)), square))
  const productHead = mul_v(sUpper, sumUpper)
  const productTail = add_v(mul_v(sLower, sumUpper), mul_v(sumLower, s))
  const productUpper = upper_v(add_v(productHead, productTail))
  const productLower = sub_v(productTail, sub_v(productUpper, productHead))
  const logHead = mul_v(at_v(POWER, 16), productUpper)
  const logTail = add_v(
    add_v(mul_v(at_v(POWER, 17), productUpper), mul_v(productLower, at_v(POWER, 18))),
    v128.andnot(at_v(POWER, 19), aroundOne),
  )
  const logBase = v128.andnot(at_v(POWER, 20), aroundOne)
  const logUpper = upper_v(add_v(add_v(add_v(logHead, logTail), logBase), n))
  const logLower = sub_v(logTail, sub_v(sub_v(sub_v(logUpper, n), logBase), logHead))

  const exponentUpper = upper_v(exponent)
  const tail = add_v(mul_v(sub_v(exponent, exponentUpper), logUpper), mul_v(exponent, logLower))
  const head = mul_v(exponentUpper, logUpper)
  const sum = add_v(tail, head)
  const over = f64x2.gt(sum, at_v(POWER, 21))
  const under = f64x2.lt(sum, at_v(POWER, 22))
  const h = select_v(over, at_v(POWER, 21), select_v(under, at_v(POWER, 22), head))
  const t = v128.andnot(tail, v128.or(over, under))
  const shifted = add_v(add_v(h, t), roundShift_v())
  const k = sub_v(shifted, roundShift_v())
  const rest = sub_v(h, k)
  const total = upper_v(add_v(rest, t))
  const lost = sub_v(t, sub_v(total, rest))
  const lower = add_v(mul_v(lost, at_v(POWER, 23)), mul_v(total, at_v(POWER, 24)))
  return scale_v(expReduced_v(mul_v(total, at_v(POWER, 25)), f64x2.neg(lower)), shifted)
}

export function power_v(x: v128, y: v128): v128 {
  const zero = f64x2.splat(0)
  const a = f64x2.abs(x)
  const integer = f64x2.eq(f64x2.floor(y), y)
  const half = mul_v(y, half_v())
  const odd = v128.and(integer, f64x2.ne(f64x2.floor(half), half))
  const isZero = f64x2.eq(a, zero)
  const isInfinite = f64x2.eq(a, infinity_v())
  let value = powerPositive_v(a, y)
  const towardsInfinity = i64x2.eq(isZero, f64x2.lt(y, zero))
  value = select_v(v128.or(isZero, isInfinite), v128.and(infinity_v(), towardsInfinity), value)
  value = v128.xor(value, v128.and(odd, signOf_v(x)))
  const root = v128.andnot(v128.andnot(f64x2.lt(x, zero), integer), isInfinite)
  const invalid = v128.or(root, v128.or(f64x2.ne(x, x), f64x2.ne(y, y)))
  value = select_v(invalid, at_v(BITS, 7), value)
  return select_v(v128.or(f64x2.eq(y, zero), f64x2.eq(x, one_v())), one_v(), value)
}
