/** Says in words of the user why a step has no C text. */
export class Refusal extends Error {}

/** Files whose functions have code for the lanes of a pair that this translation does not know. */
export const refused: Readonly<Record<string, string>> = {
  symmetry: 'matched units',
  points: 'comparisons of end points',
  basin: 'comparisons of end points',
  linearBarrier: 'barriers on straight paths',
}
export const types: Readonly<Record<string, string>> = {
  v128: 'V',
  usize: 'uint32_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  u64: 'uint64_t',
  u8: 'uint8_t',
  f64: 'double',
  bool: 'bool',
  void: 'void',
}
export const table = 'const uint8_t *'

/** Instructions with a function of the same name in `vectors.h`. */
export const instructions = new Set(
  (
    'f64x2.splat i64x2.splat i32x4.splat f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.eq f64x2.ne f64x2.lt f64x2.le ' +
    'f64x2.gt f64x2.ge f64x2.neg f64x2.abs f64x2.sqrt f64x2.floor f64x2.pmin f64x2.pmax v128.and v128.andnot v128.or ' +
    'v128.xor v128.not v128.bitselect v128.any_true i64x2.add i64x2.sub i64x2.eq i64x2.shl i64x2.shr_s i64x2.shr_u ' +
    'i64x2.bitmask i64x2.all_true i32x4.shr_s i32x4.ge_u'
  ).split(' '),
)
export const scalars: Readonly<Record<string, string>> = {
  floor: '__builtin_floor',
  'Math.sqrt': '__builtin_sqrt',
  'rotl<u64>': 'rotl_u64',
  'max<i64>': 'max_i64',
  min: 'minimum',
  max: 'maximum',
  'reinterpret<f64>': 'reinterpret_f64',
  'reinterpret<u64>': 'reinterpret_u64',
  clz: 'clz_u64',
  u64: '(uint64_t)',
}
export const words: Readonly<Record<string, string>> = {
  true: '1',
  false: '0',
  NaN: 'NAN',
  Infinity: 'INFINITY',
  'i64.MAX_VALUE': 'INT64_MAX',
  'f64.POSITIVE_INFINITY': 'INFINITY',
}
