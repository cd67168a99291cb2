// The stream of the drift of a lane.

import { KEY0, KEY1, KEY2, STATE } from './memory'
import { DRAWS } from './landscape'
import { seedLane } from './philox'

const DRIFT: u32 = 2

/** `half` is the vector plus 8 for its second lane. */
export function seedDrift(half: usize, trial: i64): void {
  if (DRAWS) seedLane(half + STATE, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, DRIFT)
}
