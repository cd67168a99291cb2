const multiplier0 = 0xd2511f53
const multiplier1 = 0xcd9e8d57

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3; SC 2011): a bijection of
 * 128-bit counters for each 64-bit key. Words are unsigned 32-bit integers.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const first = BigInt(c0) * BigInt(multiplier0)
    const second = BigInt(c2) * BigInt(multiplier1)
    c0 = (high(second) ^ c1 ^ k0) >>> 0
    c1 = low(second)
    c2 = (high(first) ^ c3 ^ k1) >>> 0
    c3 = low(first)
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [c0, c1, c2, c3]
}

function high(product: bigint): number {
  return Number(product >> 32n)
}

function low(product: bigint): number {
  return Number(product & 0xffffffffn)
}
