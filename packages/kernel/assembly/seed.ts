// The streams of a lane: of its drift, and the auxiliary stream that decides about a tilt.

import './memory'
import './landscape'
import { seedLane } from './philox'
import { nextUniform } from './xoshiro'

const DRIFT: u32 = 2
const AUXILIARY: u32 = 3

/** `half` is the vector plus 8 for its second lane. */
export function seedDrift(half: usize, trial: i64): void {
  if (DRAWS) seedLane(half + STATE, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, DRIFT)
}

/** Importance sampling: whether the trial of a lane has the tilted noise. */
export function beginTilt(half: usize, trial: i64): void {
  if (!TILTS) return
  seedLane(START_STREAM, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, AUXILIARY)
  store<i64>(half, nextUniform(START_STREAM) < load<f64>(ORIGINAL) ? 0 : -1, TILTED)
  store<f64>(half, 0, RATIO)
}
