import { normalQuantile } from '@driftfarm/statistics'
import { norm } from '../linear/matrix.ts'

/** Returns unit vectors that are the same on every machine. */
export function directions(dimension: number, count: number): readonly (readonly number[])[] {
  if (dimension === 1) return [[1]]
  const next = generator(20261125)
  return Array.from({ length: count }, (_, k) => {
    if (k < dimension && k < count / 2) return Array.from({ length: dimension }, (_, i) => (i === k ? 1 : 0))
    const vector = Array.from({ length: dimension }, () => normalQuantile((next() + 0.5) / 2 ** 32))
    const length = norm(vector)
    return vector.map((x) => x / length)
  })
}

/** Marsaglia's 32-bit xorshift generator (2003). Its quality suffices for choosing directions. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
