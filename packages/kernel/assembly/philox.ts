// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) for the two blocks that seed one generator.

/** Writes the 256-bit state for (key, trial, purpose) to `state`, words 16 bytes apart (one lane of a vector). */
export function seedLane(state: usize, key0: u32, key1: u32, key2: u32, trial: i64, purpose: u32): void {
  let a0: u64 = <u64>trial & 0xffffffff
  let a1: u64 = <u64>trial >> 32
  let a2: u64 = <u64>purpose << 16
  let a3: u64 = key2
  let b0: u64 = a0
  let b1: u64 = a1
  let b2: u64 = a2 | 1
  let b3: u64 = a3
  let k0: u64 = key0
  let k1: u64 = key1
  for (let round = 0; round < 10; round++) {
    const a = a0 * 0xd2511f53
    const c = a2 * 0xcd9e8d57
    const b = b0 * 0xd2511f53
    const d = b2 * 0xcd9e8d57
    a0 = (c >> 32) ^ a1 ^ k0
    a2 = (a >> 32) ^ a3 ^ k1
    b0 = (d >> 32) ^ b1 ^ k0
    b2 = (b >> 32) ^ b3 ^ k1
    a1 = c & 0xffffffff
    a3 = a & 0xffffffff
    b1 = d & 0xffffffff
    b3 = b & 0xffffffff
    k0 = (k0 + 0x9e3779b9) & 0xffffffff
    k1 = (k1 + 0xbb67ae85) & 0xffffffff
  }
  store<u64>(state, a0 | (a1 << 32), 0)
  store<u64>(state, a2 | (a3 << 32), 16)
  store<u64>(state, b0 | (b1 << 32), 32)
  store<u64>(state, b2 | (b3 << 32), 48)
}
