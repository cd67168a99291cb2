/**
 * Whether a trial is in the sample, which contains the fraction `share` of all trials. The answer depends only on a
 * fixed hash of the trial's index, so the same trials are recorded, whatever the sizes of the batches. The hash is the
 * 64-bit finaliser of murmur3; its upper 32 bits are compared with share * 2^32.
 */
export function sampled(index: number, share: number): boolean {
  return upperHash(index) < share * 4294967296
}

// The hash is computed in two 32-bit halves: bigint would be a hundred times slower.
function upperHash(index: number): number {
  let high = Math.floor(index / 4294967296)
  let low = index >>> 0
  low ^= high >>> 1 // x ^= x >>> 33
  for (const [factorHigh, factorLow] of factors) {
    const product = Math.imul(high, factorLow) + Math.imul(low, factorHigh) + upperProduct(low, factorLow)
    low = Math.imul(low, factorLow)
    high = product | 0
    low ^= high >>> 1
  }
  return high >>> 0
}

// 0xff51afd7ed558ccd and 0xc4ceb9fe1a85ec53
const factors = [
  [0xff51afd7, 0xed558ccd],
  [0xc4ceb9fe, 0x1a85ec53],
] as const

/** The upper 32 bits of the product of two unsigned 32-bit integers. */
function upperProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const other = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + (other >>> 16)) | 0
}
