// Where a lane keeps what is its own.

import './landscape'

/** The vector of two lanes that it is in. */
// @ts-ignore: decorator
@inline
export function vectorOf(lane: i32): usize {
  return VECTORS_AT + <usize>(lane >> 1) * STRIDE
}

/** Its place in an array with 8 bytes a lane. */
// @ts-ignore: decorator
@inline
export function slot(array: usize, lane: i32): usize {
  return array + (<usize>lane << 3)
}
