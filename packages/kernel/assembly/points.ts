// Points of one lane: coordinates as doubles side by side.

import './landscape'

/** Bytes of a point. Lazy, for landscape.ts imports this file before it declares the constants. */
// @ts-ignore: decorator
@lazy export const POINT: usize = DIMENSION << 3

export function dot(a: usize, b: usize): f64 {
  let sum = -0.0
  for (let at: usize = 0; at < POINT; at += 8) sum += load<f64>(a + at) * load<f64>(b + at)
  return sum
}

export function squaredDistance(a: usize, b: usize): f64 {
  let sum = -0.0
  for (let at: usize = 0; at < POINT; at += 8) {
    const difference = load<f64>(a + at) - load<f64>(b + at)
    sum += difference * difference
  }
  return sum
}

/** Copies coordinates. In a point, they are 8 bytes apart; in one lane of a vector, 16 bytes. */
// @ts-ignore: decorator
@inline
export function copyPoint(to: usize, toStride: usize, from: usize, fromStride: usize): void {
  for (let i: usize = 0; i < DIMENSION; i++) store<f64>(to + i * toStride, load<f64>(from + i * fromStride))
}
