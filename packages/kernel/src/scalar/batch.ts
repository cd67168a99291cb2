import type { Batch } from '@driftfarm/spec'
import type { Xoshiro } from '../streams/xoshiro.ts'

/**
 * A trial draws the samples in random permutations, one after another. The first `position` elements of `rows` are the
 * samples already drawn from the current permutation.
 */
export interface SampleOrder {
  position: number
  readonly rows: Uint32Array
}

export function newOrder(rows: number): SampleOrder {
  return { position: 0, rows: Uint32Array.from({ length: rows }, (_, row) => row) }
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

export function nextBatch({ size, sampling }: Batch, stream: Xoshiro, order: SampleOrder): Uint32Array {
  const { rows } = order
  return Uint32Array.from({ length: size }, () => {
    if (sampling === 'replacement') return below(stream, rows.length)
    const here = order.position
    const there = here + below(stream, rows.length - here)
    const row = rows[there]!
    rows[there] = rows[here]!
    rows[here] = row
    order.position = (here + 1) % rows.length
    return row
  })
}
