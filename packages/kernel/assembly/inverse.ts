// Inverse circular functions.

import {
  add_v, at_v, div_v, fourAnd_v, half_v, mul_v, one_v, pair_v, select_v, signOf_v, step_v, sub_v, two_v, upper_v,
} from './vectors'

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
  const tail = step_v(pair_v(INVERSE, 22, z), w, at_v(INVERSE, 24))
  const p = mul_v(z, fourAnd_v(INVERSE, 14, z, w, fourAnd_v(INVERSE, 18, z, w, tail)))
  return v128.xor(sub_v(base, sub_v(sub_v(mul_v(t, p), lower), t)), signOf_v(x))
}

export function acos_v(x: v128): v128 {
  const a = f64x2.abs(x)
  const small = f64x2.lt(a, half_v())
  const z = select_v(small, mul_v(x, x), mul_v(sub_v(one_v(), a), half_v()))
  const w = mul_v(z, z)
  const tail = fourAnd_v(INVERSE, 33, z, w, at_v(INVERSE, 37))
  const r = mul_v(z, fourAnd_v(INVERSE, 25, z, w, fourAnd_v(INVERSE, 29, z, w, tail)))
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
