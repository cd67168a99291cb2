/**
 * xoshiro256++ 1.0 (Blackman and Vigna: Scrambled linear pseudorandom number generators, 2019). The state is four
 * 64-bit words, stored as eight 32-bit halves with the low half first.
 */
export class Xoshiro {
  low = 0
  high = 0

  constructor(private readonly state: Uint32Array) {}

  next(): void {
    const s = this.state
    const [l0, h0, l1, h1] = [s[0]!, s[1]!, s[2]!, s[3]!]
    // result = rotate(s0 + s3, 23) + s0
    const sumLow = l0 + s[6]!
    const sumHigh = h0 + s[7]! + (sumLow > 0xffffffff ? 1 : 0)
    const turnedLow = ((sumLow << 23) | ((sumHigh >>> 0) >>> 9)) >>> 0
    const turnedHigh = ((sumHigh << 23) | ((sumLow >>> 0) >>> 9)) >>> 0
    const low = turnedLow + l0
    this.high = (turnedHigh + h0 + (low > 0xffffffff ? 1 : 0)) >>> 0
    this.low = low >>> 0
    // s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= s1 << 17; s3 = rotate(s3, 45)
    const [l2, h2] = [s[4]! ^ l0, s[5]! ^ h0]
    const [l3, h3] = [s[6]! ^ l1, s[7]! ^ h1]
    s[2] = l1 ^ l2
    s[3] = h1 ^ h2
    s[0] = l0 ^ l3
    s[1] = h0 ^ h3
    s[4] = l2 ^ (l1 << 17)
    s[5] = h2 ^ ((h1 << 17) | (l1 >>> 15))
    s[6] = (h3 << 13) | (l3 >>> 19)
    s[7] = (l3 << 13) | (h3 >>> 19)
  }

  /** A 53-bit uniform in [0, 1). */
  uniform(): number {
    this.next()
    return (this.high * 0x200000 + (this.low >>> 11)) / 0x20000000000000
  }
}

/** Largest n for which the product of n and any 32-bit number is exact as a double. */
const maxExact = 2 ** 21

/**
 * A uniform integer from 0 to n - 1: floor(u * n / 2^32) for a random 32-bit u, which is rejected if
 * (u * n) mod 2^32 < 2^32 mod n (Lemire, 2019).
 */
export function below(stream: Xoshiro, n: number): number {
  for (;;) {
    stream.next()
    if (n <= maxExact) {
      const product = stream.high * n
      const whole = Math.floor(product / 2 ** 32)
      if (product - whole * 2 ** 32 >= 2 ** 32 % n) return whole
    } else {
      const product = BigInt(stream.high) * BigInt(n)
      if (Number(product & 0xffffffffn) >= 2 ** 32 % n) return Number(product >> 32n)
    }
  }
}
