// Importance sampling: whether the trial of a lane has the tilted noise, drawn from its auxiliary stream.

import { KEY0, KEY1, KEY2, START_STREAM } from './memory'
import { ORIGINAL, RATIO, TILTED, TILTS } from './landscape'
import { seedLane } from './philox'
import { nextUniform } from './xoshiro'

const AUXILIARY: u32 = 3

/** `half` is the vector plus 8 for its second lane. */
export function beginTilt(half: usize, trial: i64): void {
  if (!TILTS) return
  seedLane(START_STREAM, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, AUXILIARY)
  store<i64>(half, nextUniform(START_STREAM) < load<f64>(ORIGINAL) ? 0 : -1, TILTED)
  store<f64>(half, 0, RATIO)
}
