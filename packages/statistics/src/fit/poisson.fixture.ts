/** Marsaglia's xorshift32 as numbers in (0, 1). */
export function uniforms(seed: number): () => number {
  let state = seed | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) + 0.5) / 2 ** 32
  }
}

/** A Poisson count by multiplication of uniforms (Knuth). */
export function poisson(mean: number, draw: () => number): number {
  const floor = Math.exp(-mean)
  let product = draw()
  let count = 0
  for (; product > floor; count++) product *= draw()
  return count
}
