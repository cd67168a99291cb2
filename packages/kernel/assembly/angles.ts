// Circular functions.

import {
  BITS, add_v, at_v, div_v, four_v, fourAnd_v, half_v, mul_v, one_v, pair_v, roundShift_v, select_v, signOf_v, step_v,
  sub_v, two_v, upper_v,
} from './vectors'

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
  const s = fourAnd_v(ANGLE, 0, z, w, at_v(ANGLE, 4))
  const cube = mul_v(z, x)
  const inner = sub_v(mul_v(z, sub_v(mul_v(half_v(), tail), mul_v(cube, s))), tail)
  return sub_v(x, sub_v(inner, mul_v(cube, at_v(ANGLE, 5))))
}

// @ts-ignore: decorator
@inline
function cosReduced_v(x: v128, tail: v128): v128 {
  const z = mul_v(x, x)
  const w = mul_v(z, z)
  const c = mul_v(z, fourAnd_v(ANGLE, 6, z, w, pair_v(ANGLE, 10, z)))
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
  const t = fourAnd_v(ANGLE, 15, z, w, fourAnd_v(ANGLE, 19, z, w, four_v(ANGLE, 23, z, w)))
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
