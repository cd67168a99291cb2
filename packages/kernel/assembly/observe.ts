// Observed values: numbers that a trial computes at events and steps. A lane keeps them until its record is logged.

import { observed } from './landscape'
import { slot, storeNumber } from './lane'
import './memory'

/** A watch has four words: value, kind, argument, and the place of its first value in the lane. */
const WATCH: usize = 32
const AT_STEP: i64 = 0
const EVERY: i64 = 1
const AT_ESCAPE: i64 = 2
const AT_CONVERGE: i64 = 3

// @ts-ignore: decorator
@inline
function watchesEnd(): usize {
  return load<usize>(WATCHES_AT) + load<usize>(WATCHES) * WATCH
}

/** Address of the values of a lane. */
export function observedBy(lane: i32): usize {
  return load<usize>(OBSERVED) + ((<usize>lane * load<usize>(OBSERVED_SLOTS)) << 3)
}

/** Whether the lane is now at the time of the watch. */
function isNow(watch: usize, lane: i32): bool {
  const step = load<i64>(slot(STEPS, lane))
  if (load<i64>(slot(TRIAL, lane)) < 0 || step < 0) return false
  const kind = load<i64>(watch, 8)
  const argument = load<i64>(watch, 16)
  if (kind == AT_STEP) return step == argument
  if (kind == EVERY) return step % argument == 0
  if (step == 0) return false
  if (kind == AT_ESCAPE) return load<i64>(slot(ESCAPED_AT, lane)) == step
  if (kind == AT_CONVERGE) return load<i64>(slot(CONVERGED_AT, lane)) == step
  return load<i64>(slot(MARK_STEPS, lane * MARKS + <i32>argument)) == step
}

/** Stores what the two lanes, the first of which is `first`, observe in their present state. */
export function observe(first: i32): void {
  for (let watch = load<usize>(WATCHES_AT), end = watchesEnd(); watch < end; watch += WATCH) {
    const here = isNow(watch, first)
    const beside = isNow(watch, first + 1)
    if (!here && !beside) continue
    observed(<i32>load<i64>(watch), VECTORS_AT + <usize>(first >> 1) * STRIDE)
    if (here) keep(watch, first)
    if (beside) keep(watch, first + 1)
  }
}

function keep(watch: usize, lane: i32): void {
  let place = load<i64>(watch, 24)
  if (load<i64>(watch, 8) == EVERY) place += load<i64>(slot(STEPS, lane)) / load<i64>(watch, 16)
  storeNumber(observedBy(lane) + (<usize>place << 3), load<f64>(OBSERVED_VALUE + (<usize>(lane & 1) << 3)))
}

/** Steps until the lane, after this step, is next at a point of a series. */
export function untilObserved(step: i64): i64 {
  let left = i64.MAX_VALUE
  for (let watch = load<usize>(WATCHES_AT), end = watchesEnd(); watch < end; watch += WATCH) {
    if (load<i64>(watch, 8) != EVERY) continue
    const every = load<i64>(watch, 16)
    left = min(left, every - (step % every))
  }
  return left
}

/** Whether a lane that takes steps is at a point of a series. */
export function isObserved(first: i32): bool {
  for (let lane = first; lane < first + 2; lane++) {
    const step = load<i64>(slot(STEPS, lane))
    if (step > 0 && untilObserved(step - 1) == 1) return true
  }
  return false
}
