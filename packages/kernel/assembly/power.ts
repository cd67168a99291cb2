// Powers with any exponent.

import {
  BITS, add_v, at_v, div_v, fourAnd_v, half_v, infinity_v, max_v, min_v, mul_v, one_v, pair_v, roundShift_v, select_v,
  signOf_v, step_v, sub_v, upper_v,
} from './vectors'
import { expReduced_v, scale_v } from './exponential'

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
  const even = mul_v(w, fourAnd_v(POWER, 9, z, w, pair_v(POWER, 13, z)))
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
