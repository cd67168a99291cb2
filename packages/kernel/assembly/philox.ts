// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) for the two blocks, a and b, that seed one generator.

// @ts-ignore: decorator
@inline
function high(product: u64): u32 {
  return <u32>(product >> 32)
}

/** Writes the 256-bit state for (key, trial, purpose) to `state`, words 16 bytes apart (one lane of a vector). */
export function seedLane(state: usize, key0: u32, key1: u32, key2: u32, trial: i64, purpose: u32): void {
  let a0 = <u32>trial
  let a1 = high(trial)
  let a2 = purpose << 16
  let a3 = key2
  let b0 = a0
  let b1 = a1
  let b2 = a2 | 1
  let b3 = a3
  for (let round = 0; round < 10; round++) {
    const a = <u64>a0 * 0xd2511f53
    const c = <u64>a2 * 0xcd9e8d57
    const b = <u64>b0 * 0xd2511f53
    const d = <u64>b2 * 0xcd9e8d57
    a0 = high(c) ^ a1 ^ key0
    a1 = <u32>c
    a2 = high(a) ^ a3 ^ key1
    a3 = <u32>a
    b0 = high(d) ^ b1 ^ key0
    b1 = <u32>d
    b2 = high(b) ^ b3 ^ key1
    b3 = <u32>b
    key0 += 0x9e3779b9
    key1 += 0xbb67ae85
  }
  store<u32>(state, a0, 0)
  store<u32>(state, a1, 4)
  store<u32>(state, a2, 16)
  store<u32>(state, a3, 20)
  store<u32>(state, b0, 32)
  store<u32>(state, b1, 36)
  store<u32>(state, b2, 48)
  store<u32>(state, b3, 52)
}
