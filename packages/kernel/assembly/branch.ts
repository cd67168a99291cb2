// Splitting: a particle is a trajectory whose noise changes from stream to stream, at given steps and, at last, where its score
// first exceeds a level. Its whole state is computed from the start on, so nothing of its ancestors need be kept.

import { PARTICLES, SCORE } from './memory'
import { reseedBatches } from './batch'
import {
  BRANCHED_AT,
  BRANCH_TO,
  LEVEL,
  PEAK,
  SPLITS,
  STRIDE,
  SWITCHES,
  SWITCH_AT,
  VECTORS_AT,
} from './landscape'
import { seedDrift } from './philox'

/** A particle: address of its first switch, level, and the stream to branch to; each switch is a step and a stream. The last step is never reached. */
const PARTICLE_BYTES: usize = 24
const NOT_YET: i64 = -1

// @ts-ignore: decorator
@inline
function slot(array: usize, lane: i32): usize {
  return array + (<usize>lane << 3)
}

// @ts-ignore: decorator
@inline
function halfOf(lane: i32): usize {
  return VECTORS_AT + <usize>(lane >> 1) * STRIDE + (<usize>(lane & 1) << 3)
}

/** The lane takes up the particle: the stream that it starts with. A lane without one never branches. */
export function takeUp(lane: i32, particle: i64): i64 {
  if (!SPLITS) return particle
  const at = halfOf(lane)
  store<i64>(slot(BRANCHED_AT, lane), NOT_YET)
  store<f64>(at, -Infinity, PEAK)
  if (particle < 0) {
    store<i64>(slot(SWITCH_AT, lane), i64.MAX_VALUE)
    store<f64>(at, Infinity, LEVEL)
    return 0
  }
  const entry = load<usize>(PARTICLES) + <usize>particle * PARTICLE_BYTES
  const first = load<usize>(entry)
  const stream = load<i64>(first, 8)
  store<i64>(slot(SWITCHES, lane), <i64>(first + 16))
  store<i64>(slot(SWITCH_AT, lane), load<i64>(first, 16))
  store<f64>(at, load<f64>(entry, 8), LEVEL)
  store<i64>(slot(BRANCH_TO, lane), load<i64>(entry, 16))
  return stream
}

function change(lane: i32, stream: i64): void {
  seedDrift(halfOf(lane), stream)
  reseedBatches(lane, stream)
}

/** After a step: the streams that begin there. */
export function switchStreams(lane: i32, step: i64): void {
  while (load<i64>(slot(SWITCH_AT, lane)) == step) {
    const at = load<usize>(slot(SWITCHES, lane))
    change(lane, load<i64>(at, 8))
    store<i64>(slot(SWITCHES, lane), <i64>(at + 16))
    store<i64>(slot(SWITCH_AT, lane), load<i64>(at, 16))
  }
}

/** Steps until the lane is next to change its stream. */
// @ts-ignore: decorator
@inline
export function untilSwitch(lane: i32, step: i64): i64 {
  return load<i64>(slot(SWITCH_AT, lane)) - step
}

/** Once `inspect` has told the score: the lane branches where it exceeds the level. */
export function branch(lane: i32, step: i64): void {
  const at = halfOf(lane)
  if (!(load<f64>(<usize>(lane & 1) << 3, SCORE) > load<f64>(at, LEVEL))) return
  store<f64>(at, Infinity, LEVEL)
  store<i64>(slot(BRANCHED_AT, lane), step)
  change(lane, load<i64>(slot(BRANCH_TO, lane)))
}
