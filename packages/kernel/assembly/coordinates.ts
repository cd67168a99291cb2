// Vectors of coordinates, 16 bytes each, in both lanes at once. `bytes` is the length of a vector.

/** The total plus the products of the coordinates, from left to right. -0 begins a sum: -0 + a is a for every a. */
// @ts-ignore: decorator
@inline
export function addDot(total: v128, a: usize, b: usize, bytes: usize): v128 {
  for (let at: usize = 0; at < bytes; at += 16) {
    total = f64x2.add(total, f64x2.mul(v128.load(a + at), v128.load(b + at)))
  }
  return total
}

// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, bytes: usize): v128 {
  return addDot(f64x2.splat(-0.0), a, b, bytes)
}

export function addTo(to: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f64x2.add(v128.load(to + at), v128.load(from + at)))
}

/** Subtracts `factor` times the vector at `from` from the vector at `to`. */
// @ts-ignore: decorator
@inline
export function subtract(to: usize, factor: v128, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, f64x2.sub(v128.load(to + at), f64x2.mul(factor, v128.load(from + at))))
  }
}

export function divide(to: usize, from: usize, by: v128, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f64x2.div(v128.load(from + at), by))
}
