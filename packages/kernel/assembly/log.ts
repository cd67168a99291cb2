// Finished records wait in the log, in the order of their ends.

import { slot, vectorOf } from './lane'
import { BRANCHED_AT, DIMENSION, MARKS, PEAK, RECORD, SPLITS } from './landscape'
import { KEEP_THETA, LOG, LOG_USED } from './memory'

/** NaN canonical, -0 as 0. */
// @ts-ignore: decorator
@inline
export function storeNumber(at: usize, x: f64): void {
  if (x != x) store<u64>(at, 0x7ff8000000000000)
  else store<f64>(at, x + 0.0)
}

/** Adds the record of a trial of the lane; `last` is where its vector keeps the last theta. */
export function logRecord(lane: i32, trial: i64, last: usize): void {
  const vector = vectorOf(lane) + (<usize>(lane & 1) << 3)
  const used = load<usize>(LOG_USED)
  const keepTheta = load<i64>(KEEP_THETA) != 0
  const entry = load<usize>(LOG) + used * (56 + 8 * MARKS + (SPLITS ? 16 : 0) + (keepTheta ? 8 * DIMENSION : 0))
  store<i64>(entry, trial)
  memory.copy(entry + 8, RECORD, 48 + 8 * MARKS)
  if (SPLITS) {
    store<f64>(entry, load<f64>(vector, PEAK), 56)
    store<i64>(entry, load<i64>(slot(BRANCHED_AT, lane)), 64)
  }
  if (keepTheta) {
    const to = entry + 56 + 8 * MARKS
    for (let i: usize = 0; i < DIMENSION; i++) storeNumber(to + (i << 3), load<f64>(vector + last + (i << 4)))
  }
  store<usize>(LOG_USED, used + 1)
}
