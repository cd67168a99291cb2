// xoshiro256++ 1.0 (Blackman and Vigna 2019), two lanes at a time.

// @ts-ignore: decorator
@inline
export function rotate(x: v128, k: i32): v128 {
  return v128.or(i64x2.shl(x, k), i64x2.shr_u(x, 64 - k))
}

/** The output of a state, whose four words `src/emit/draws.ts` keeps in locals. */
// @ts-ignore: decorator
@inline
export function output(s0: v128, s3: v128): v128 {
  return i64x2.add(rotate(i64x2.add(s0, s3), 23), s0)
}

/** The next 64 bits of one lane: `state` points at its first word, words are 16 bytes apart. */
export function nextLane(state: usize): u64 {
  const s0 = load<u64>(state, 0)
  const s1 = load<u64>(state, 16)
  const s2 = load<u64>(state, 32) ^ s0
  const s3 = load<u64>(state, 48) ^ s1
  store<u64>(state, s1 ^ s2, 16)
  store<u64>(state, s0 ^ s3, 0)
  store<u64>(state, s2 ^ (s1 << 17), 32)
  store<u64>(state, rotl<u64>(s3, 45), 48)
  return rotl<u64>(s0 + (s3 ^ s1), 23) + s0
}

/** 53-bit uniform in [0, 1) of one lane. */
export function nextUniform(state: usize): f64 {
  return <f64>(nextLane(state) >> 11) * (1.0 / 9007199254740992.0)
}
