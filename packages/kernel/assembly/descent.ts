// Noise-free descents of lanes, on copies of theta: begun here, taken on in `descend.ts`, two lanes together
// where both are due. While a lane descends, no lane takes steps of its trial.

import {
  DESCENDING,
  DESCENT_ACTIVE,
  DESCENT_ETA,
  DESCENT_LEFT,
  DESCENT_OUTSIDE,
  DESCENT_TOLERANCE,
} from './memory'
import {
  DESCENT,
  DESCENTS_AT,
  DIMENSION,
  HOME,
  PROBE,
  SETTLED_SQUARE,
  STAGE_OF,
  START_DESCENTS,
  STRIDE,
  VECTORS_AT,
} from './landscape'

/** What a descent is for, numbered as in the table of descents: those of the start come first, innermost first. */
export const HOME_STAGE: i64 = START_DESCENTS
export const BASIN_STAGE: i64 = START_DESCENTS + 1
export const QUENCH_STAGE: i64 = START_DESCENTS + 2

// @ts-ignore: decorator
@inline
function halfOf(lane: i32): usize {
  return VECTORS_AT + <usize>(lane >> 1) * STRIDE + (<usize>(lane & 1) << 3)
}

/** Copies one lane of the coordinates at offset `from` of its vector to those at `to`. */
export function copyLane(lane: i32, from: usize, to: usize): void {
  const at = halfOf(lane)
  for (let i: usize = 0; i < DIMENSION; i++) store<f64>(at + to + (i << 4), load<f64>(at + from + (i << 4)))
}

/** Lets the lane descend from a copy of the coordinates at offset `from`. */
export function startDescent(lane: i32, stage: i64, from: usize): void {
  if (from != PROBE) copyLane(lane, from, PROBE)
  const at = halfOf(lane) + DESCENT
  const descent = DESCENTS_AT + <usize>stage * 24
  store<f64>(at, load<f64>(descent, 0), DESCENT_ETA)
  store<f64>(at, load<f64>(descent, 8), DESCENT_TOLERANCE)
  store<i64>(at, <i64>load<f64>(descent, 16), DESCENT_LEFT)
  store<i64>(at, -1, DESCENT_ACTIVE)
  store<i64>(STAGE_OF + (<usize>lane << 3), stage)
  store<i64>(DESCENDING, load<i64>(DESCENDING) + 1)
}

/*
 * Where all trials share a descent, it is made once: its end stands at `kept` behind a word that says that it is there.
 */

export function keepEnd(lane: i32, kept: usize): void {
  const at = halfOf(lane) + PROBE
  for (let i: usize = 0; i < DIMENSION; i++) store<f64>(kept + 8 + (i << 3), load<f64>(at + (i << 4)))
  store<i64>(kept, 1)
}

/** Copies the end to one lane at offset `to`; false: nothing was kept. */
export function recallEnd(lane: i32, kept: usize, to: usize): bool {
  if (load<i64>(kept) == 0) return false
  const at = halfOf(lane) + to
  for (let i: usize = 0; i < DIMENSION; i++) store<f64>(at + (i << 4), load<f64>(kept + 8 + (i << 3)))
  return true
}

/** Notes whether the descent of the lane ended further than the settled radius from its home; what is not finite is. */
export function compareWithHome(lane: i32): void {
  const at = halfOf(lane)
  let square = -0.0
  for (let i: usize = 0; i < DIMENSION; i++) {
    const difference = load<f64>(at + PROBE + (i << 4)) - load<f64>(at + HOME + (i << 4))
    square += difference * difference
  }
  store<i64>(at + DESCENT, square <= load<f64>(SETTLED_SQUARE) ? 0 : -1, DESCENT_OUTSIDE)
}

/** Where no descent ended, nothing is known of it. */
export function forgetDescent(lane: i32): void {
  store<f64>(halfOf(lane) + PROBE, NaN)
}
