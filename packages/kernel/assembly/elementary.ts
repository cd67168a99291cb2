/**
 * The elementary functions in SIMD lanes: AssemblyScript, one f64x2 in, one out, the two lanes independent.
 *
 * Every lane carries the bits of the scalar function of the same name in packages/formula/src/elementary (any NaN
 * for any NaN): the same operations in the same order, both sides of each branch computed and one selected. What
 * the formulas are and where they come from stands there; a change here is a change there.
 *
 * The text stands alone: no imports, no allocation (runtime stub), no relaxed SIMD, no memory but 160 bytes of static
 * data inside reduceLarge, reached only by angles from 2^20 on. What a module does not call is not compiled into it.
 *
 * powerInteger: the generator unrolls x^k, a literal 0 < k <= 64, by the recursion of powerInteger.ts, most significant bit
 * first, one local a step, and wraps a negative exponent in a division:
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
// @ts-ignore: decorator
@inline function splat_v(a: f64): v128 { return f64x2.splat(a) }
/** a + x b with the constants of a polynomial. */
// @ts-ignore: decorator
@inline function line_v(a: f64, b: f64, x: v128): v128 { return f64x2.add(f64x2.splat(a), f64x2.mul(f64x2.splat(b), x)) }
/** a + x b, one step of Horner's scheme. */
// @ts-ignore: decorator
@inline function step_v(a: v128, x: v128, b: v128): v128 { return f64x2.add(a, f64x2.mul(x, b)) }
/** Where the mask is set a, else b. */
// @ts-ignore: decorator
@inline function select_v(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask) }
// @ts-ignore: decorator
@inline function signOf_v(x: v128): v128 { return v128.and(x, i64x2.splat(0x8000000000000000)) }
/** The upper 21 significant bits. */
// @ts-ignore: decorator
@inline function upper_v(x: v128): v128 { return v128.and(x, i64x2.splat(0xffffffff00000000)) }
/** 2^k from an integer in the low word of each lane. */
// @ts-ignore: decorator
@inline function twoTo_v(k: v128): v128 { return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52) }

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
@inline export function relu_v(x: v128): v128 { return v128.and(x, f64x2.gt(x, splat_v(0))) }

// Exponential ---------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function expReduced_v(upper: v128, lower: v128): v128 {
  const r = sub_v(upper, lower)
  const r2 = mul_v(r, r)
  const r4 = mul_v(r2, r2)
  const q01 = line_v(0.5000000000000016, 0.1666666666666668, r)
  const q23 = line_v(0.04166666666649663, 0.008333333333320257, r)
  const q45 = line_v(0.0013888888951375555, 0.00019841269889324774, r)
  const q67 = line_v(2.4801485806206608e-5, 2.7557241167709257e-6, r)
  const q89 = line_v(2.7632662161234353e-7, 2.5110054903354823e-8, r)
  const q = step_v(step_v(q01, q23, r2), step_v(step_v(q45, q67, r2), q89, r4), r4)
  return add_v(splat_v(1), add_v(upper, sub_v(mul_v(r2, q), lower)))
}

// @ts-ignore: decorator
@inline
function expBounded_v(x: v128): v128 {
  const shifted = add_v(mul_v(x, splat_v(1.4426950408889634)), splat_v(6755399441055744))
  const k = sub_v(shifted, splat_v(6755399441055744))
  const upper = sub_v(x, mul_v(k, splat_v(0.6931471803691238)))
  return mul_v(expReduced_v(upper, mul_v(k, splat_v(1.9082149292705877e-10))), twoTo_v(shifted))
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
  const shifted = add_v(mul_v(x, splat_v(1.4426950408889634)), splat_v(6755399441055744))
  const k = sub_v(shifted, splat_v(6755399441055744))
  const upper = sub_v(x, mul_v(k, splat_v(0.6931471803691238)))
  const value = expReduced_v(upper, mul_v(k, splat_v(1.9082149292705877e-10)))
  return scale_v(value, i64x2.add(shifted, i64x2.splat(shift)))
}

// @ts-ignore: decorator
@inline
export function exp_v(x: v128): v128 {
  return expScaled_v(max_v(min_v(x, splat_v(710)), splat_v(-746)), 0)
}

// Logarithm -----------------------------------------------------------------------------------------------------------

/** k ln 2 + log(1 + f), given s = f / (2 + f) and s^2 L(s^2). */
// @ts-ignore: decorator
@inline
function logAssembled_v(k: v128, f: v128, s: v128, r: v128): v128 {
  const halfSquare = mul_v(mul_v(splat_v(0.5), f), f)
  const lower = add_v(mul_v(s, add_v(halfSquare, r)), mul_v(k, splat_v(1.9082149292705877e-10)))
  return sub_v(mul_v(k, splat_v(0.6931471803691238)), sub_v(sub_v(halfSquare, lower), f))
}

/** log x for normal positive finite x only, with the bits of log_v: for arguments known to be such. */
// @ts-ignore: decorator
@inline
export function logNormal_v(x: v128): v128 {
  // Biased exponent and significand of x / sqrt(1/2); the exponent goes into the low bits of 2^52 to become a number.
  const offset = i64x2.sub(x, i64x2.splat(0x3fe6a09e00000000))
  const biased = i64x2.shr_u(i64x2.add(offset, i64x2.splat(0x3ff0000000000000)), 52)
  const k = sub_v(v128.or(biased, splat_v(4503599627370496)), splat_v(4503599627371519))
  const f = sub_v(i64x2.sub(x, v128.and(offset, i64x2.splat(0xfff0000000000000))), splat_v(1))
  return logSeries_v(k, f)
}

// @ts-ignore: decorator
@inline
function logSeries_v(k: v128, f: v128): v128 {
  const s = div_v(f, add_v(splat_v(2), f))
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  const l01 = line_v(0.6666666666666734, 0.3999999999941769, z)
  const l23 = line_v(0.2857142874176354, 0.22222198632462345, z)
  const l45 = line_v(0.18183561491230885, 0.1531411692891872, z)
  const r = mul_v(z, step_v(l01, w, step_v(l23, w, step_v(l45, w, splat_v(0.1479534532674964)))))
  return logAssembled_v(k, f, s, r)
}

// @ts-ignore: decorator
@inline
export function log_v(x: v128): v128 {
  const subnormal = f64x2.lt(x, splat_v(2.2250738585072014e-308))
  const scaled = select_v(subnormal, mul_v(x, splat_v(18014398509481984)), x)
  const offset = i64x2.sub(scaled, i64x2.splat(0x3fe6a09e00000000))
  const biased = i64x2.shr_u(i64x2.add(offset, i64x2.splat(0x3ff0000000000000)), 52)
  const bias = select_v(subnormal, splat_v(4503599627371573), splat_v(4503599627371519))
  const k = sub_v(v128.or(biased, splat_v(4503599627370496)), bias)
  const f = sub_v(i64x2.sub(scaled, v128.and(offset, i64x2.splat(0xfff0000000000000))), splat_v(1))
  const value = logSeries_v(k, f)
  const positive = select_v(f64x2.lt(x, splat_v(f64.POSITIVE_INFINITY)), value, x)
  const rest = select_v(f64x2.eq(x, splat_v(0)), splat_v(f64.NEGATIVE_INFINITY), splat_v(NaN))
  return select_v(f64x2.gt(x, splat_v(0)), positive, rest)
}

// @ts-ignore: decorator
@inline
function logOnePlus_v(e: v128): v128 {
  const halved = f64x2.ge(e, splat_v(0.5))
  const f = select_v(halved, mul_v(sub_v(e, splat_v(1)), splat_v(0.5)), e)
  const k = v128.and(halved, splat_v(1))
  const s = div_v(f, add_v(splat_v(2), f))
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  const l01 = line_v(0.666666666666666, 0.40000000000055297, z)
  const l23 = line_v(0.28571428556145934, 0.22222224262001367, z)
  const l45 = line_v(0.18181667865810755, 0.15391049547530206, z)
  const l67 = line_v(0.13174626318445684, 0.13836265860545235, z)
  return logAssembled_v(k, f, s, mul_v(z, step_v(l01, w, step_v(l23, w, step_v(l45, w, l67)))))
}

// Logistic ------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function decay_v(x: v128): v128 {
  return expScaled_v(max_v(f64x2.neg(f64x2.abs(x)), splat_v(-746)), 0)
}

// @ts-ignore: decorator
@inline
export function sigmoid_v(x: v128): v128 {
  const e = decay_v(x)
  return div_v(select_v(f64x2.lt(x, splat_v(0)), e, splat_v(1)), add_v(splat_v(1), e))
}

// @ts-ignore: decorator
@inline
export function softplus_v(x: v128): v128 {
  return add_v(relu_v(x), logOnePlus_v(decay_v(x)))
}

// Hyperbolic ----------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function halfExp_v(magnitude: v128): v128 {
  return expScaled_v(min_v(magnitude, splat_v(712)), -1)
}

export function sinh_v(x: v128): v128 {
  const magnitude = f64x2.abs(x)
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const h01 = line_v(0.16666666666666666, 0.008333333333333333, z)
  const h23 = line_v(0.00019841269841269592, 2.755731922412018e-6, z)
  const h45 = line_v(2.5052108345654353e-8, 1.6059050704326124e-10, z)
  const h67 = line_v(7.646476456955315e-13, 2.848395879113187e-15, z)
  const series = mul_v(z, step_v(h01, w, step_v(h23, w, step_v(h45, w, h67))))
  const small = step_v(x, x, series)
  const half = halfExp_v(magnitude)
  const large = v128.xor(sub_v(half, div_v(splat_v(0.25), half)), signOf_v(x))
  return select_v(f64x2.lt(magnitude, splat_v(1)), small, large)
}

export function cosh_v(x: v128): v128 {
  const half = halfExp_v(f64x2.abs(x))
  return add_v(half, div_v(splat_v(0.25), half))
}

// @ts-ignore: decorator
@inline
export function tanh_v(x: v128): v128 {
  const magnitude = f64x2.abs(x)
  const small = f64x2.lt(magnitude, splat_v(0.625))
  const z = mul_v(magnitude, magnitude)
  const p = step_v(splat_v(-0.3333333333333332), z, line_v(-0.02049665925046905, -0.0001990832952056485, z))
  const q = step_v(
    splat_v(0.46148997775139117),
    z,
    line_v(0.023288479081681662, 0.00020643226973768628, z),
  )
  const e = expBounded_v(mul_v(min_v(magnitude, splat_v(20)), splat_v(2)))
  const base = select_v(small, magnitude, splat_v(1))
  const numerator = select_v(small, mul_v(mul_v(magnitude, z), p), splat_v(-2))
  const denominator = select_v(small, step_v(splat_v(1), z, q), add_v(e, splat_v(1)))
  return v128.xor(add_v(base, div_v(numerator, denominator)), signOf_v(x))
}

// Inverse -------------------------------------------------------------------------------------------------------------

export function atan_v(x: v128): v128 {
  const a = f64x2.abs(x)
  const below0 = f64x2.lt(a, splat_v(0.4375))
  const below1 = f64x2.lt(a, splat_v(0.6875))
  const below2 = f64x2.lt(a, splat_v(1.1875))
  const below3 = f64x2.lt(a, splat_v(2.4375))
  let numerator = select_v(below3, sub_v(a, splat_v(1.5)), splat_v(-1))
  let denominator = select_v(below3, line_v(1, 1.5, a), a)
  let base = select_v(below3, splat_v(0.982793723247329), splat_v(1.5707963267948966))
  let lower = select_v(below3, splat_v(1.3903311031230998e-17), splat_v(6.123233995736766e-17))
  numerator = select_v(below2, sub_v(a, splat_v(1)), numerator)
  denominator = select_v(below2, add_v(a, splat_v(1)), denominator)
  base = select_v(below2, splat_v(0.7853981633974483), base)
  lower = select_v(below2, splat_v(3.061616997868383e-17), lower)
  numerator = select_v(below1, sub_v(mul_v(splat_v(2), a), splat_v(1)), numerator)
  denominator = select_v(below1, add_v(splat_v(2), a), denominator)
  base = select_v(below1, splat_v(0.4636476090008061), base)
  lower = select_v(below1, splat_v(2.2698777452961687e-17), lower)
  numerator = select_v(below0, a, numerator)
  denominator = select_v(below0, splat_v(1), denominator)
  base = v128.andnot(base, below0)
  lower = v128.andnot(lower, below0)
  const t = div_v(numerator, denominator)
  const z = mul_v(t, t)
  const w = mul_v(z, z)
  const a01 = line_v(0.33333333333332904, -0.19999999999869192, z)
  const a23 = line_v(0.1428571427186909, -0.11111110378039767, z)
  const a45 = line_v(0.0909088645105397, -0.07691865691545767, z)
  const a67 = line_v(0.06660969524996499, -0.05832915828688374, z)
  const a89 = line_v(0.049743166436525765, -0.03647497686631413, z)
  const tail = step_v(a45, w, step_v(a67, w, step_v(a89, w, splat_v(0.01623186368436869))))
  const p = mul_v(z, step_v(a01, w, step_v(a23, w, tail)))
  return v128.xor(sub_v(base, sub_v(sub_v(mul_v(t, p), lower), t)), signOf_v(x))
}

export function acos_v(x: v128): v128 {
  const a = f64x2.abs(x)
  const small = f64x2.lt(a, splat_v(0.5))
  const z = select_v(small, mul_v(x, x), mul_v(sub_v(splat_v(1), a), splat_v(0.5)))
  const w = mul_v(z, z)
  const r01 = line_v(0.16666666666666752, 0.0749999999997315, z)
  const r23 = line_v(0.04464285717236861, 0.030381942815076998, z)
  const r45 = line_v(0.022372211982030567, 0.0173516655888634, z)
  const r67 = line_v(0.013980184093834582, 0.011404068082388074, z)
  const r89 = line_v(0.010751656079494408, 0.003813270416705725, z)
  const rab = line_v(0.021450242779625966, -0.020638983964698716, z)
  const tail = step_v(r67, w, step_v(r89, w, step_v(rab, w, splat_v(0.032405832749597234))))
  const r = mul_v(z, step_v(r01, w, step_v(r23, w, step_v(r45, w, tail))))
  const halfPi = splat_v(1.5707963267948966)
  const halfPiLower = splat_v(6.123233995736766e-17)
  const middle = sub_v(halfPi, sub_v(x, sub_v(halfPiLower, mul_v(x, r))))
  const s = f64x2.sqrt(z)
  const rs = mul_v(r, s)
  const negative = mul_v(splat_v(2), sub_v(halfPi, add_v(s, sub_v(rs, halfPiLower))))
  const head = upper_v(s)
  const rest = div_v(sub_v(z, mul_v(head, head)), add_v(add_v(s, head), splat_v(1e-300)))
  const positive = mul_v(splat_v(2), add_v(head, add_v(rs, rest)))
  return select_v(small, middle, select_v(f64x2.lt(x, splat_v(0)), negative, positive))
}

// Error function ------------------------------------------------------------------------------------------------------

export function erf_v(x: v128): v128 {
  const a = min_v(f64x2.abs(x), splat_v(6))
  const z = mul_v(a, a)
  const small = f64x2.lt(a, splat_v(0.84375))
  const smallP2 = step_v(splat_v(-0.0476939698647356), z, step_v(splat_v(-0.008716708250323914), z, line_v(-0.0004803189547585447, -2.004590198230704e-5, z)))
  const smallP = step_v(splat_v(0.1283791670955126), z, step_v(splat_v(-0.31726365778943144), z, smallP2))
  const smallQ2 = step_v(splat_v(0.09288617823183384), z, step_v(splat_v(0.010511395295464446), z, line_v(0.0006742354683242841, 1.9994249039402407e-5, z)))
  const smallQ = step_v(splat_v(1), z, step_v(splat_v(0.45850687906872767), z, smallQ2))
  const p3 = step_v(splat_v(0.5555340958282943), a, step_v(splat_v(0.1616464807314779), a, line_v(0.02801142072883471, 0.002296817379084411, a)))
  const p = step_v(splat_v(1.0000000027294795), a, step_v(splat_v(1.5545296966290283), a, step_v(splat_v(1.1981057349681408), a, p3)))
  const q4 = step_v(splat_v(1.0095308357505375), a, step_v(splat_v(0.28854236133206473), a, line_v(0.04964917294534245, 0.004070996928825498, a)))
  const q3 = step_v(splat_v(3.2254440460710776), a, step_v(splat_v(2.264402573215722), a, q4))
  const q = step_v(splat_v(1), a, step_v(splat_v(2.682908897164762), a, q3))
  const quotient = div_v(select_v(small, smallP, p), select_v(small, smallQ, q))
  const near = step_v(a, a, quotient)
  const far = sub_v(splat_v(1), mul_v(expBounded_v(f64x2.neg(z)), quotient))
  return v128.xor(select_v(small, near, far), signOf_v(x))
}

// Angles --------------------------------------------------------------------------------------------------------------

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

/** formula's reduceLarge in 64-bit words, for magnitude >= 2^20: exact up to the last rounding, so its bits are the same. */
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
  const s12 = line_v(0.008333333333322404, -0.00019841269829800958, z)
  const s34 = line_v(2.7557313689617902e-6, -2.5050757764922836e-8, z)
  const s = step_v(s12, w, step_v(s34, w, splat_v(1.589677581860031e-10)))
  const cube = mul_v(z, x)
  const inner = sub_v(mul_v(z, sub_v(mul_v(splat_v(0.5), tail), mul_v(cube, s))), tail)
  return sub_v(x, sub_v(inner, mul_v(cube, splat_v(-0.16666666666666632))))
}

// @ts-ignore: decorator
@inline
function cosReduced_v(x: v128, tail: v128): v128 {
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const c01 = line_v(0.041666666666666644, -0.0013888888888882052, z)
  const c23 = line_v(2.480158729441328e-5, -2.755731576228444e-7, z)
  const c45 = line_v(2.0875912256079023e-9, -1.1369274327270106e-11, z)
  const c = mul_v(z, step_v(c01, w, step_v(c23, w, c45)))
  const half = mul_v(splat_v(0.5), z)
  const head = sub_v(splat_v(1), half)
  const lost = sub_v(sub_v(splat_v(1), head), half)
  return add_v(head, add_v(lost, sub_v(mul_v(z, c), mul_v(x, tail))))
}

/** Sign and magnitude of tan in odd quarters as in formula's tanReduced. */
// @ts-ignore: decorator
@inline
function tanReduced_v(signed: v128, signedTail: v128, odd: v128): v128 {
  const a = f64x2.abs(signed)
  const b = v128.xor(signedTail, signOf_v(signed))
  const near = f64x2.ge(a, splat_v(0.6743316650390625))
  const turned = add_v(sub_v(splat_v(0.7853981633974483), a), sub_v(splat_v(3.061616997868383e-17), b))
  const x = select_v(near, turned, a)
  const y = v128.andnot(b, near)
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const t12 = line_v(0.13333333333320355, 0.053968253976083194, z)
  const t34 = line_v(0.02186948829880066, 0.008863239763156987, z)
  const t56 = line_v(0.0035920796801229738, 0.0014562059141171664, z)
  const t78 = line_v(0.0005880559173266575, 0.00024642213299378135, z)
  const t9a = line_v(7.825535173432172e-5, 7.131842369983078e-5, z)
  const tbc = line_v(-1.849955708331707e-5, 2.589045516241703e-5, z)
  const t = step_v(t12, w, step_v(t34, w, step_v(t56, w, step_v(t78, w, step_v(t9a, w, tbc)))))
  const cube = mul_v(z, x)
  const inner = add_v(y, mul_v(z, add_v(mul_v(cube, t), y)))
  const r = add_v(inner, mul_v(splat_v(0.3333333333333341), cube))
  const sum = add_v(x, r)
  const one = select_v(odd, splat_v(-1), splat_v(1))
  const quotient = div_v(select_v(near, mul_v(sum, sum), splat_v(-1)), select_v(near, add_v(sum, one), sum))
  const nearValue = sub_v(one, mul_v(splat_v(2), sub_v(x, sub_v(quotient, r))))
  const sumUpper = upper_v(sum)
  const sumLower = sub_v(r, sub_v(sumUpper, x))
  const quotientUpper = upper_v(quotient)
  const remainder = add_v(add_v(splat_v(1), mul_v(quotientUpper, sumUpper)), mul_v(quotientUpper, sumLower))
  const oddValue = add_v(quotientUpper, mul_v(quotient, remainder))
  return select_v(near, nearValue, select_v(odd, oddValue, sum))
}

/** sin (0), cos (1) or tan (2): a constant, so that only the one asked for is compiled. */
// @ts-ignore: decorator
@inline
function circular_v(x: v128, which: i32): v128 {
  const magnitude = f64x2.abs(x)
  const shifted = add_v(mul_v(magnitude, splat_v(0.6366197723675814)), splat_v(6755399441055744))
  const n = sub_v(shifted, splat_v(6755399441055744))
  const first = sub_v(magnitude, mul_v(n, splat_v(1.5707963267341256)))
  const second = mul_v(n, splat_v(6.077100506303966e-11))
  const third = mul_v(n, splat_v(2.0222662487111665e-21))
  const a = sub_v(first, second)
  const lostFirst = sub_v(sub_v(first, a), second)
  const b = sub_v(a, third)
  const lostSecond = sub_v(sub_v(a, b), third)
  const rest = sub_v(add_v(lostFirst, lostSecond), mul_v(n, splat_v(8.4784276603689e-32)))
  let head = add_v(b, rest)
  let tail = add_v(sub_v(b, head), rest)
  let quarter = shifted
  const large = f64x2.ge(magnitude, splat_v(1048576))
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
  const odd = i64x2.eq(v128.and(quarter, i64x2.splat(1)), i64x2.splat(1))
  if (which == 2) {
    const value = tanReduced_v(head, tail, odd)
    return v128.xor(value, signOf_v(v128.xor(x, head)))
  }
  const sine = sinReduced_v(head, tail)
  const cosine = cosReduced_v(head, tail)
  if (which == 1) {
    const flip = signOf_v(i64x2.shl(i64x2.add(quarter, i64x2.splat(1)), 62))
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

/** |x|^y for positive finite |x|; anything, without trapping, for others. */
// @ts-ignore: decorator
@inline
function powerPositive_v(base: v128, y: v128): v128 {
  const exponent = max_v(min_v(y, splat_v(1e20)), splat_v(-1e20))
  const subnormal = f64x2.lt(base, splat_v(2.2250738585072014e-308))
  const scaled = select_v(subnormal, mul_v(base, splat_v(18014398509481984)), base)
  const offset = i64x2.sub(scaled, i64x2.splat(0x3febb67a00000000))
  const biased = i64x2.shr_u(i64x2.add(offset, i64x2.splat(0x3ff0000000000000)), 52)
  const bias = select_v(subnormal, splat_v(4503599627371573), splat_v(4503599627371519))
  const n = sub_v(v128.or(biased, splat_v(4503599627370496)), bias)
  const m = i64x2.sub(scaled, v128.and(offset, i64x2.splat(0xfff0000000000000)))
  const aroundOne = f64x2.lt(m, splat_v(1.224744871391589))
  const c = select_v(aroundOne, splat_v(1), splat_v(1.5))
  const numerator = sub_v(m, c)
  const denominator = add_v(m, c)
  const reciprocal = div_v(splat_v(1), denominator)
  const s = mul_v(numerator, reciprocal)
  const sUpper = upper_v(s)
  const denominatorUpper = upper_v(denominator)
  const denominatorLower = sub_v(m, sub_v(denominatorUpper, c))
  const remainder = sub_v(sub_v(numerator, mul_v(sUpper, denominatorUpper)), mul_v(sUpper, denominatorLower))
  const sLower = mul_v(reciprocal, remainder)
  const z = mul_v(s, s)
  const w = mul_v(z, z)
  const l01 = line_v(0.5999999999999999, 0.42857142857213953, z)
  const l23 = line_v(0.3333333325222941, 0.2727276108613744, z)
  const l45 = line_v(0.23070558861292417, 0.20550466745985416, z)
  const even = mul_v(w, step_v(l01, w, step_v(l23, w, l45)))
  const series = add_v(even, mul_v(sLower, add_v(sUpper, s)))
  const square = mul_v(sUpper, sUpper)
  const sumUpper = upper_v(add_v(add_v(splat_v(3), square), series))
  const sumLower = sub_v(series, sub_v(sub_v(sumUpper, splat_v(3)), square))
  const productHead = mul_v(sUpper, sumUpper)
  const productTail = add_v(mul_v(sLower, sumUpper), mul_v(sumLower, s))
  const productUpper = upper_v(add_v(productHead, productTail))
  const productLower = sub_v(productTail, sub_v(productUpper, productHead))
  const logHead = mul_v(splat_v(0.9617962837219238), productUpper)
  const logTail = add_v(
    add_v(mul_v(splat_v(4.102040517767816e-7), productUpper), mul_v(productLower, splat_v(0.9617966939259756))),
    v128.andnot(splat_v(1.3270968157207873e-7), aroundOne),
  )
  const logBase = v128.andnot(splat_v(0.5849623680114746), aroundOne)
  const logUpper = upper_v(add_v(add_v(add_v(logHead, logTail), logBase), n))
  const logLower = sub_v(logTail, sub_v(sub_v(sub_v(logUpper, n), logBase), logHead))

  const exponentUpper = upper_v(exponent)
  const tail = add_v(mul_v(sub_v(exponent, exponentUpper), logUpper), mul_v(exponent, logLower))
  const head = mul_v(exponentUpper, logUpper)
  const sum = add_v(tail, head)
  const over = f64x2.gt(sum, splat_v(1025))
  const under = f64x2.lt(sum, splat_v(-1080))
  const h = select_v(over, splat_v(1025), select_v(under, splat_v(-1080), head))
  const t = v128.andnot(tail, v128.or(over, under))
  const shifted = add_v(add_v(h, t), splat_v(6755399441055744))
  const k = sub_v(shifted, splat_v(6755399441055744))
  const rest = sub_v(h, k)
  const total = upper_v(add_v(rest, t))
  const lost = sub_v(t, sub_v(total, rest))
  const lower = add_v(mul_v(lost, splat_v(0.6931471805599453)), mul_v(total, splat_v(4.7493250390316726e-7)))
  return scale_v(expReduced_v(mul_v(total, splat_v(0.6931467056274414)), f64x2.neg(lower)), shifted)
}

export function power_v(x: v128, y: v128): v128 {
  const zero = splat_v(0)
  const infinity = splat_v(f64.POSITIVE_INFINITY)
  const a = f64x2.abs(x)
  const integer = f64x2.eq(f64x2.floor(y), y)
  const half = mul_v(y, splat_v(0.5))
  const odd = v128.and(integer, f64x2.ne(f64x2.floor(half), half))
  const isZero = f64x2.eq(a, zero)
  const isInfinite = f64x2.eq(a, infinity)
  let value = powerPositive_v(a, y)
  const towardsInfinity = i64x2.eq(isZero, f64x2.lt(y, zero))
  value = select_v(v128.or(isZero, isInfinite), v128.and(infinity, towardsInfinity), value)
  value = v128.xor(value, v128.and(odd, signOf_v(x)))
  const root = v128.andnot(v128.andnot(f64x2.lt(x, zero), integer), isInfinite)
  const invalid = v128.or(root, v128.or(f64x2.ne(x, x), f64x2.ne(y, y)))
  value = select_v(invalid, splat_v(NaN), value)
  return select_v(v128.or(f64x2.eq(y, zero), f64x2.eq(x, splat_v(1))), splat_v(1), value)
}
