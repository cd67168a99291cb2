// Splitting: a particle is a trajectory whose noise changes from stream to stream, at given steps and, at last, where
// its score first exceeds a level. It is computed from its start on, or goes on from a snapshot of its parent: both
// come to the same state.

import { halfOf, slot } from './lane'
import './memory'
import { copyOrder, reseedBatches, restoreOrder } from './batch'
import './landscape'
import { seedDrift } from './seed'

/**
 * A particle: address of its first switch, level, the stream to branch to; then the snapshot that it goes on from (0:
 * it begins at its start) and where its own is to be kept (0: nowhere). Each switch is a step and a stream; the last
 * step is never reached.
 */
const PARTICLE_BYTES: usize = 40
const NOT_YET: i64 = -1

/** The lane takes up the particle: the stream that it starts with. A lane without one never branches. */
export function takeUp(lane: i32, particle: i64): i64 {
  if (!SPLITS) return particle
  const at = halfOf(lane)
  store<i64>(slot(BRANCHED_AT, lane), NOT_YET)
  store<f64>(at, -Infinity, PEAK)
  if (particle < 0) {
    store<i64>(slot(SWITCH_AT, lane), i64.MAX_VALUE)
    store<i64>(slot(SNAPSHOT_FROM, lane), 0)
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
  store<i64>(slot(SNAPSHOT_FROM, lane), load<i64>(entry, 24))
  store<i64>(slot(SNAPSHOT_TO, lane), load<i64>(entry, 32))
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
  keep(lane, step)
}

/*
 * Snapshots: the step, then all that a vector keeps of a lane, word by word, then the order of its samples. A branch of
 * a particle never begins before the particle's own did, so it can go on from there.
 */

/** At a branch: noise of the new stream follows. */
function keep(lane: i32, step: i64): void {
  const to = load<usize>(slot(SNAPSHOT_TO, lane))
  if (to == 0) return
  const at = halfOf(lane)
  store<i64>(to, step)
  for (let word: usize = 0; word < STRIDE >> 4; word++) store<i64>(to + 8 + (word << 3), load<i64>(at + (word << 4)))
  copyOrder(lane, to + 8 + (STRIDE >> 1))
}

/** Whether the particle of the lane goes on from a snapshot; then the lane is as it was there, but for its level. */
export function resume(lane: i32): bool {
  if (!SPLITS) return false
  const from = load<usize>(slot(SNAPSHOT_FROM, lane))
  if (from == 0) return false
  const at = halfOf(lane)
  const level = load<f64>(at, LEVEL)
  store<i64>(slot(STEPS, lane), load<i64>(from))
  store<i64>(slot(SWITCH_AT, lane), i64.MAX_VALUE)
  for (let word: usize = 0; word < STRIDE >> 4; word++) store<i64>(at + (word << 4), load<i64>(from + 8 + (word << 3)))
  restoreOrder(lane, from + 8 + (STRIDE >> 1))
  store<f64>(at, level, LEVEL)
  return true
}
