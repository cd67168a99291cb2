// Where a lane keeps what is its own.


import './landscape'

/** The vector of a lane, plus 8 for its second one. */
// @ts-ignore: decorator
@inline
export function halfOf(lane: i32): usize {
  return VECTORS_AT + <usize>(lane >> 1) * STRIDE + (<usize>(lane & 1) << 3)
}

/** Its place in an array with 8 bytes a lane. */
// @ts-ignore: decorator
@inline
export function slot(array: usize, lane: i32): usize {
  return array + (<usize>lane << 3)
}

/** NaN canonical, -0 as 0. */
// @ts-ignore: decorator
@inline
export function storeNumber(at: usize, x: f64): void {
  if (x != x) store<u64>(at, 0x7ff8000000000000)
  else store<f64>(at, x + 0.0)
}
