/** Size of the table, a power of two. It is large enough for the counts of sweeps with 100 or 1000 trials per cell. */
const places = 4096

/**
 * Caches the results of `make`, which must depend only on its three arguments. The cache saves time, because
 * neighbouring cells often have equal counts and therefore equal limits. Each result has one place in the table. A
 * later result may overwrite it, so the table does not grow. Errors are not cached.
 */
export function memoized<T>(make: (a: number, b: number, c: number) => T): (a: number, b: number, c: number) => T {
  const keys = new Float64Array(3 * places).fill(Number.NaN)
  const results: T[] = []
  return (a, b, c) => {
    const place = placeOf(a, b, c)
    const at = 3 * place
    if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return results[place]!
    const result = make(a, b, c)
    keys[at] = a
    keys[at + 1] = b
    keys[at + 2] = c
    results[place] = result
    return result
  }
}

function placeOf(a: number, b: number, c: number): number {
  return (Math.imul(mixed(a), 0x9e3779b1) ^ Math.imul(mixed(b), 0x85ebca6b) ^ Math.imul(mixed(c), 0xc2b2ae35)) >>> 20
}

/** 32 bits of a number: the last bits of an integer, or the first bits after the binary point of a share below 1. */
function mixed(x: number): number {
  return x | ((x % 1) * 2 ** 32)
}
