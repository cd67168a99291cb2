// The life of a trial in its lane: begin, note events, end.

import {
  ACTIVE,
  CENTRE,
  CLASS,
  CONVERGED,
  CONVERGE_ARMED,
  DISTANCE,
  DIVERGED,
  ESCAPE_ARMED,
  EXIT,
  FINITE,
  HOLD,
  HORIZON,
  KEY0,
  KEY1,
  KEY2,
  LIMIT,
  LOG,
  LOG_CAPACITY,
  LOG_USED,
  LOSS,
  MARK_ARMED,
  NEXT,
  SETTLED,
  STATE,
  STEP,
} from './memory'
import { beginBatches } from './batch'
import { seedLane } from './philox'
import { addDigest } from './digest'
import { count } from './tally'
import {
  CENTRE_MINIMA,
  CONVERGED_AT,
  CONVERGED_IN,
  DIMENSION,
  DRAWS,
  ESCAPED_AT,
  EXIT_OF,
  MARKS,
  MARK_MASKS,
  MARK_STEPS,
  MOMENTUM,
  RECORD,
  START,
  STEPS,
  STOP_ON_CONVERGE,
  STOP_ON_ESCAPE,
  STRIDE,
  THETA,
  TRIAL,
  VECTORS_AT,
  VELOCITY,
  finish,
  inspect,
} from './landscape'

const ESCAPED: i32 = 0
const SETTLED_DOWN: i32 = 1
const DIVERGED_AWAY: i32 = 2
const UNDECIDED: i32 = 3
const DRIFT: u32 = 2
const OTHER: i32 = 0xffff

// @ts-ignore: decorator
@inline
function vectorOf(lane: i32): usize {
  return VECTORS_AT + <usize>(lane >> 1) * STRIDE
}

// @ts-ignore: decorator
@inline
function slot(array: usize, lane: i32): usize {
  return array + (<usize>lane << 3)
}

/** Puts the lane at the start, at rest, its events armed or not. */
function place(lane: i32, armed: i64): void {
  const at = vectorOf(lane) + (<usize>(lane & 1) << 3)
  for (let i: usize = 0; i < DIMENSION; i++) {
    store<f64>(at + THETA + (i << 4), load<f64>(START + (i << 3)))
    if (MOMENTUM) store<f64>(at + VELOCITY + (i << 4), 0)
  }
  store<i64>(at, 0, HOLD)
  store<i64>(at, armed, ESCAPE_ARMED)
  store<i64>(at, armed, CONVERGE_ARMED)
  for (let mark = 0; mark < MARKS; mark++) store<i64>(at + MARK_ARMED + (<usize>mark << 4), armed)
}

/** Gives the lane the next trial; without one it idles with trial -1. */
export function begin(lane: i32): void {
  const trial = load<i64>(NEXT)
  store<i64>(slot(STEPS, lane), 0)
  if (trial >= load<i64>(LIMIT)) {
    store<i64>(slot(TRIAL, lane), -1)
    // An idle lane draws too.
    beginBatches(lane)
    place(lane, 0)
    return
  }
  store<i64>(NEXT, trial + 1)
  store<i64>(ACTIVE, load<i64>(ACTIVE) + 1)
  store<i64>(slot(TRIAL, lane), trial)
  store<i64>(slot(ESCAPED_AT, lane), 0)
  store<i64>(slot(CONVERGED_AT, lane), 0)
  store<i64>(slot(EXIT_OF, lane), 0)
  store<i64>(slot(CONVERGED_IN, lane), 0)
  for (let mark = 0; mark < MARKS; mark++) store<i64>(slot(MARK_STEPS, lane * MARKS + mark), 0)
  place(lane, -1)
  beginBatches(lane)
  if (DRAWS) {
    const state = vectorOf(lane) + STATE + (<usize>(lane & 1) << 3)
    seedLane(state, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, DRIFT)
  }
}

/** Looks at both lanes of a vector after a step at which one of them may have ended. */
export function settle(vector: i32): void {
  const base = VECTORS_AT + <usize>vector * STRIDE
  const lane = vector << 1
  store<f64>(STEP, <f64>load<i64>(slot(STEPS, lane)), 0)
  store<f64>(STEP, <f64>load<i64>(slot(STEPS, lane + 1)), 8)
  inspect(base)
  const first = note(lane)
  const second = note(lane + 1)
  if (first >= 0 || second >= 0) {
    finish(base)
    if (first >= 0) close(lane, first)
    if (second >= 0) close(lane + 1, second)
  }
}

/** Notes the events of the step in the order of the contract; the end of the trial, or -1. */
function note(lane: i32): i32 {
  if (load<i64>(slot(TRIAL, lane)) < 0) {
    place(lane, 0)
    return -1
  }
  const half = <usize>(lane & 1) << 3
  const at = vectorOf(lane) + half
  const step = load<i64>(slot(STEPS, lane))
  if (load<i64>(half, FINITE) == 0) return DIVERGED_AWAY
  for (let mark = 0; mark < MARKS; mark++) {
    if (load<i64>(MARK_MASKS + half + (<usize>mark << 4)) != 0) {
      store<i64>(slot(MARK_STEPS, lane * MARKS + mark), step)
      store<i64>(at + MARK_ARMED + (<usize>mark << 4), 0)
    }
  }
  const exit = load<i64>(half, EXIT)
  if (exit != 0) {
    store<i64>(slot(ESCAPED_AT, lane), step)
    store<i64>(slot(EXIT_OF, lane), exit)
    if (STOP_ON_ESCAPE) return ESCAPED
    store<i64>(at, 0, ESCAPE_ARMED)
  }
  if (load<i64>(half, DIVERGED) != 0) return DIVERGED_AWAY
  if (load<i64>(half, CONVERGED) != 0) {
    store<i64>(slot(CONVERGED_AT, lane), step)
    store<i64>(slot(CONVERGED_IN, lane), load<i64>(half, CENTRE))
    if (STOP_ON_CONVERGE) return SETTLED_DOWN
    store<i64>(at, 0, CONVERGE_ARMED)
  }
  if (step < load<i64>(HORIZON)) return -1
  if (load<i64>(slot(CONVERGED_AT, lane)) != 0) return SETTLED_DOWN
  return load<i64>(slot(ESCAPED_AT, lane)) != 0 ? ESCAPED : UNDECIDED
}

/** NaN canonical, -0 as 0. */
// @ts-ignore: decorator
@inline
function storeNumber(at: usize, x: f64): void {
  if (x != x) store<u64>(at, 0x7ff8000000000000)
  else store<f64>(at, x + 0.0)
}

/** Writes and counts the outcome, then begins the next trial in the lane. */
function close(lane: i32, end: i32): void {
  const half = <usize>(lane & 1) << 3
  const trial = load<i64>(slot(TRIAL, lane))
  const escaped = load<i64>(slot(ESCAPED_AT, lane))
  const converged = load<i64>(slot(CONVERGED_AT, lane))
  const steps = load<i64>(slot(STEPS, lane))
  const exit = <i32>load<i64>(slot(EXIT_OF, lane))
  const kind = <i32>load<i64>(half, CLASS)
  let settled: i32 = 0
  if (end == SETTLED_DOWN) {
    const centre = <i32>load<i64>(slot(CONVERGED_IN, lane))
    if (centre > 0) settled = <i32>load<f64>(slot(CENTRE_MINIMA, centre - 1))
    if (settled == 0) settled = <i32>load<i64>(half, SETTLED)
    if (settled == 0) settled = OTHER
  }
  store<u64>(RECORD, <u64>end | (<u64>exit << 8) | (<u64>settled << 16) | (<u64>kind << 32), 0)
  store<i64>(RECORD, escaped, 8)
  store<i64>(RECORD, converged, 16)
  store<i64>(RECORD, steps, 24)
  storeNumber(RECORD + 32, load<f64>(half, LOSS))
  storeNumber(RECORD + 40, load<f64>(half, DISTANCE))
  const marks = slot(MARK_STEPS, lane * MARKS)
  for (let mark = 0; mark < MARKS; mark++) store<i64>(RECORD + 48 + (<usize>mark << 3), load<i64>(marks + (<usize>mark << 3)))
  addDigest(trial, RECORD, 6 + MARKS)
  count(end, exit, settled, kind, escaped, converged, steps, marks)
  if (load<i64>(LOG_CAPACITY) != 0) {
    const used = load<usize>(LOG_USED)
    const entry = load<usize>(LOG) + used * (56 + 8 * MARKS)
    store<i64>(entry, trial)
    memory.copy(entry + 8, RECORD, 48 + 8 * MARKS)
    store<usize>(LOG_USED, used + 1)
  }
  store<i64>(ACTIVE, load<i64>(ACTIVE) - 1)
  begin(lane)
}
