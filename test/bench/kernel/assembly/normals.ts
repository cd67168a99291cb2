// Entry of the comparison of normal generators: `n` rounds of four interleaved vectors each, summed so that nothing is
// optimised away. It is compiled with the runtime of packages/kernel/assembly.

import { log_v } from './elementary'
import { fraction, layerAt, layerOffset, ratios, repair, signed, widths } from './normal'
import { output, rotate } from './xoshiro'

const STATES: usize = 0x30000

export function ziggurat(n: i32): f64 {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  for (let i = 0; i < n; i++) {
    a = f64x2.add(a, gaussian(STATES))
    b = f64x2.add(b, gaussian(STATES + 64))
    c = f64x2.add(c, gaussian(STATES + 128))
    d = f64x2.add(d, gaussian(STATES + 192))
  }
  return total(a, b, c, d)
}

/** Half of the rounds: every call gives two vectors of normals. */
export function boxMuller(n: i32): f64 {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  for (let i = 0; i < n; i += 2) {
    a = f64x2.add(a, pair(STATES))
    b = f64x2.add(b, pair(STATES + 64))
    c = f64x2.add(c, pair(STATES + 128))
    d = f64x2.add(d, pair(STATES + 192))
  }
  return total(a, b, c, d)
}

function total(a: v128, b: v128, c: v128, d: v128): f64 {
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

// @ts-ignore: decorator
@inline
function nextBits(state: usize): v128 {
  let s0 = v128.load(state, 0)
  let s1 = v128.load(state, 16)
  let s2 = v128.load(state, 32)
  let s3 = v128.load(state, 48)
  s2 = v128.xor(s2, s0)
  const mixed = v128.xor(s3, s1)
  v128.store(state, v128.xor(s1, s2), 16)
  v128.store(state, v128.xor(s0, mixed), 0)
  v128.store(state, v128.xor(s2, i64x2.shl(s1, 17)), 32)
  v128.store(state, rotate(mixed, 45), 48)
  return output(s0, s3)
}

// @ts-ignore: decorator
@inline
function gaussian(state: usize): v128 {
  const bits = nextBits(state)
  const offset = layerOffset(bits)
  const first = layerAt(i32x4.extract_lane(offset, 0))
  const second = layerAt(i32x4.extract_lane(offset, 2))
  const f = fraction(bits)
  const outside = f64x2.ge(f, ratios(first, second))
  let x = signed(f64x2.mul(f, widths(first, second)), bits)
  if (i64x2.bitmask(outside) != 0) x = repair(state, bits, x, outside)
  return x
}

/** Sum of the two vectors of normals sqrt(-2 log u) (cos, sin)(2 pi v); kernels of sine and cosine as in fdlibm. */
// @ts-ignore: decorator
@inline
function pair(state: usize): v128 {
  const radius = f64x2.sqrt(f64x2.mul(log_v(fraction(nextBits(state))), f64x2.splat(-2)))
  const quarters = f64x2.mul(fraction(nextBits(state)), f64x2.splat(4))
  const nearest = f64x2.nearest(quarters)
  const r = f64x2.mul(f64x2.sub(quarters, nearest), f64x2.splat(1.5707963267948966))
  const z = f64x2.mul(r, r)
  let s = f64x2.splat(1.58969099521155010221e-10)
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-2.50507602534068634195e-8))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(2.7557313707070068e-6))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.98412698298579493134e-4))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(8.33333333332248946124e-3))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.66666666666666324348e-1))
  const sine = f64x2.add(r, f64x2.mul(f64x2.mul(r, z), s))
  let c = f64x2.splat(-1.13596475577881948265e-11)
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.08757232129817482790e-9))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-2.75573143513906633035e-7))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.48015872894767294178e-5))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-1.38888888888741095749e-3))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(4.16666666666666019037e-2))
  const cosine = f64x2.add(f64x2.sub(f64x2.splat(1), f64x2.mul(z, f64x2.splat(0.5))), f64x2.mul(f64x2.mul(z, z), c))
  // Quadrant: odd ones swap sine and cosine, the signs follow from its two bits.
  const quadrant = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(nearest))
  const odd = i64x2.ne(v128.and(quadrant, i64x2.splat(1)), i64x2.splat(0))
  const first = v128.xor(v128.bitselect(sine, cosine, odd), i64x2.shl(i64x2.shr_u(i64x2.add(quadrant, i64x2.splat(1)), 1), 63))
  const second = v128.xor(v128.bitselect(cosine, sine, odd), i64x2.shl(i64x2.shr_u(quadrant, 1), 63))
  return f64x2.add(f64x2.mul(radius, first), f64x2.mul(radius, second))
}
