/** 2^12, because a place is the first 12 bits of a hash. */
const places = 4096

/**
 * Caches the results of `make`, which must depend only on its three arguments. Neighbouring cells often have equal
 * counts and therefore equal limits. A later result may overwrite an earlier one, so the table does not grow.
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

/** The last 32 bits of an integer, or the first 32 bits after the binary point of a number below 1. */
function mixed(x: number): number {
  return x | ((x % 1) * 2 ** 32)
}
