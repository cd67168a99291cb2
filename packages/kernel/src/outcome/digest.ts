import type { Digest } from './tally.ts'

const mask64 = (1n << 64n) - 1n
const mask128 = (1n << 128n) - 1n

export function addDigests(a: Digest, b: Digest): Digest {
  return (a + b) & mask128
}

/** The digest d with addDigests(b, d) = a. */
export function subtractDigests(a: Digest, b: Digest): Digest {
  return (a - b) & mask128
}

export function formatDigest(digest: Digest): string {
  return `mset128:${digest.toString(16).padStart(32, '0')}`
}

/** The inverse of `formatDigest`; null for any other text. */
export function parseDigest(text: string): Digest | null {
  const match = /^mset128:([0-9a-f]{32})$/.exec(text)
  return match === null ? null : BigInt(`0x${match[1]}`)
}

/** 128-bit hash of the trial index and the 64-bit words of the record of one outcome (`assembly/log.ts`). */
export function recordDigest(trial: number, record: Uint8Array): Digest {
  const words = new DataView(record.buffer, record.byteOffset, record.byteLength)
  let a = times(0x9e3779b97f4a7c15n ^ BigInt(trial), 0xff51afd7ed558ccdn)
  let b = times(0xc2b2ae3d27d4eb4fn + BigInt(trial), 0xc4ceb9fe1a85ec53n)
  for (let offset = 0; offset < record.byteLength; offset += 8) {
    const word = words.getBigUint64(offset, true)
    a = times(rotate(a ^ word, 29n), 0xff51afd7ed558ccdn)
    b = times(rotate((b + word) & mask64, 37n), 0xc4ceb9fe1a85ec53n)
  }
  const low = finalise((a + rotate(b, 32n)) & mask64)
  const high = finalise(b ^ times(low, 0x9fb21c651e98df25n))
  return (high << 64n) | low
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) & mask64
}

function rotate(x: bigint, k: bigint): bigint {
  return ((x << k) | (x >> (64n - k))) & mask64
}

/** The finaliser of splitmix64. */
function finalise(x: bigint): bigint {
  const first = times(x ^ (x >> 30n), 0xbf58476d1ce4e5b9n)
  const second = times(first ^ (first >> 27n), 0x94d049bb133111ebn)
  return second ^ (second >> 31n)
}
