import { constants, elementary } from '@driftfarm/formula'

const pi = constants.get('pi')!

const mask = (1n << 64n) - 1n

/**
 * SplitMix64 (Steele, Lea, Flood 2014), so that generated data sets are the same on every machine. BigInt is slow, but
 * a data set needs few numbers.
 */
function* words(seed: bigint): Generator<bigint, never> {
  for (let state = seed; ; ) {
    state = (state + 0x9e3779b97f4a7c15n) & mask
    let z = state
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
    yield z ^ (z >> 31n)
  }
}

/** Standard normal numbers by the Box-Muller method, which uses two words for each number. */
export function normals(seed: bigint): () => number {
  const stream = words(seed)
  const uniform = () => Number(stream.next().value >> 11n) * 2 ** -53
  return () => {
    const radius = elementary.sqrt(-2 * elementary.log(1 - uniform()))
    return radius * elementary.cos(2 * pi * uniform())
  }
}
