// The life of a trial in its lane: begin, note events, end.

import './memory'
import { beginBatches } from './batch'
import { branch, resume, switchStreams, takeUp, untilSwitch } from './branch'
import {
  BASIN_STAGE, BY_BASIN, BY_QUENCH, HOME_STAGE, QUENCH_STAGE, compareWithHome, copyLane, decideAnew, forgetDescent,
  isReached, isFiniteEnd, keepEnd, leaveUndecided, makeHome, minimumAt, recallEnd, recallHome, startDescent,
  undecidedBy,
} from './descent'
import { halfOf, slot, storeNumber } from './lane'
import { addDigest, logRecord } from './log'
import { observe, untilObserved } from './observe'
import { beginTilt, seedDrift } from './seed'
import { drawStart } from './start'
import { count, countUnreached } from './tally'
import { armedIn, beginShapes, finish, inspect, sincePlace, watch } from './landscape'

const ESCAPED: i32 = 0
const SETTLED_DOWN: i32 = 1
const DIVERGED_AWAY: i32 = 2
const UNDECIDED: i32 = 3
const OTHER: i32 = 0xffff

/** Puts the lane at rest, its events armed or not. */
function rest(lane: i32, armed: i64): void {
  const at = halfOf(lane)
  for (let i: usize = 0; i < DIMENSION; i++) {
    for (let state: usize = 0; state < STATES; state++) {
      store<f64>(at + STATES_AT + ((state * DIMENSION + i) << 4), load<f64>(INITIAL_STATES + (state << 3)))
    }
  }
  store<i64>(at, 0, HOLD)
  store<i64>(at, armed, ESCAPE_ARMED)
  store<i64>(at, armed, CONVERGE_ARMED)
  for (let mark = 0; mark < MARKS; mark++) store<i64>(at + MARK_ARMED + (<usize>mark << 4), armed)
  for (let i: usize = 0; i < <usize>SINCE_COUNT * DIMENSION; i++) store<f64>(at + SINCE + (i << 4), NaN)
  if (KEEPS_BATCH_LOSS) store<f64>(at, NaN, BATCH_LOSS)
  for (let place = 0; place < TIMED_CONDITIONS; place++) store<i64>(at + TIMED + (<usize>place << 4), 0)
}

/** An idle lane computes too: from where its last trial began, where events are rare. */
function idle(lane: i32): void {
  if (OWN_REFERENCE) copyLane(lane, REFERENCE, THETA)
  else drawStart(halfOf(lane) + THETA, 0)
  rest(lane, 0)
  takeUp(lane, -1)
  // It draws samples too, from an order of its own.
  beginBatches(lane, -1)
}

/** Gives the lane the next trial; without one it idles with trial -1. */
export function begin(lane: i32): void {
  const trial = load<i64>(NEXT)
  store<i64>(slot(STEPS, lane), 0)
  if (trial >= load<i64>(LIMIT)) {
    store<i64>(slot(TRIAL, lane), -1)
    idle(lane)
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
  const half = halfOf(lane)
  const stream = takeUp(lane, trial)
  if (resume(lane)) {
    look(lane, load<i64>(slot(STEPS, lane)))
    return
  }
  drawStart(half + THETA, stream)
  rest(lane, -1)
  if (DESCENTS) decideAnew(lane)
  beginBatches(lane, stream)
  seedDrift(half, stream)
  beginTilt(half, stream)
  if (START_DESCENTS > 0 && !(SHARED_START && recallEnd(lane, KEPT_START, THETA))) startDescent(lane, 0, THETA)
  else depart(lane)
}

/** From the start: warmup, whose steps count up to 0, then time zero. */
function depart(lane: i32): void {
  refer(lane)
  if (WARMUP) store<i64>(slot(STEPS, lane), -<i64>load<f64>(WARMUP_STEPS))
  else setOff(lane)
}

/** Time zero. */
function setOff(lane: i32): void {
  if (SPLITS) climb(lane)
  if (OBSERVATIONS > 0) {
    storeSteps(lane >> 1)
    observe(lane & ~1)
  }
  goHome(lane)
}

/** The score of theta_0 is the first to count. */
function climb(lane: i32): void {
  switchStreams(lane, 0)
  store<f64>(halfOf(lane), -Infinity, PEAK)
  look(lane, 0)
}

/** Looks at the score of a state that no step led to: it may be above the level already. */
function look(lane: i32, step: i64): void {
  const vector = lane >> 1
  storeSteps(vector)
  inspect(VECTORS_AT + <usize>vector * STRIDE)
  const half = <usize>(lane & 1) << 3
  const at = halfOf(lane)
  const score = load<f64>(half, SCORE)
  if (score > load<f64>(at, PEAK)) store<f64>(at, score, PEAK)
  branch(lane, step)
}

/** What the trial keeps of its theta_0: of where warmup begins until that is over. */
function refer(lane: i32): void {
  if (OWN_REFERENCE) copyLane(lane, THETA, REFERENCE)
  beginShapes(VECTORS_AT + <usize>(lane >> 1) * STRIDE, <usize>(lane & 1) << 3)
}

/** Finds the end of the descent from theta_0. */
function goHome(lane: i32): void {
  if (BASIN && !(SHARED_HOME && recallHome(lane, KEPT_HOME))) startDescent(lane, HOME_STAGE, THETA)
}

/** After a step: the warmup of the lane may be over, or a look at its basin due. */
export function meet(lane: i32): void {
  if (load<i64>(slot(TRIAL, lane)) < 0) return
  const step = load<i64>(slot(STEPS, lane))
  if (WARMUP && step == 0) {
    refer(lane)
    store<i64>(halfOf(lane), 0, HOLD)
    setOff(lane)
  }
  if (SPLITS) switchStreams(lane, step)
  if (BASIN && step > 0 && untilBasin(lane, step) == <i64>load<f64>(BASIN_EVERY)) startDescent(lane, BASIN_STAGE, THETA)
}

/** Steps until the lane is next to look at its basin: 1 .. every. */
function untilBasin(lane: i32, step: i64): i64 {
  const every = <i64>load<f64>(BASIN_EVERY)
  const armed = load<i64>(halfOf(lane), ESCAPE_ARMED)
  return armed ? every - (step % every) : i64.MAX_VALUE
}

function everyOf(group: i32): i64 {
  return <i64>load<f64>(EVERY_AT + (<usize>group << 3))
}

/** Steps until the lane next evaluates conditions with `every`. */
function untilTimed(lane: i32, step: i64): i64 {
  let left = i64.MAX_VALUE
  for (let group = 0; group < GROUPS; group++) {
    if (armedIn(halfOf(lane), group) != 0) left = min(left, everyOf(group) - step % everyOf(group))
  }
  return left
}

/** A mask: whether the conditions of a group are due in the lane. */
function dueIn(lane: i32, group: i32): i64 {
  const step = load<i64>(slot(STEPS, lane))
  if (step <= 0 || load<i64>(slot(TRIAL, lane)) < 0 || step % everyOf(group) != 0) return 0
  return armedIn(halfOf(lane), group) != 0 ? -1 : 0
}

export function isTimedDue(vector: i32): bool {
  for (let group = 0; group < GROUPS; group++) {
    if ((dueIn(vector << 1, group) | dueIn((vector << 1) + 1, group)) != 0) return true
  }
  return false
}

/** Evaluates the conditions that are due in a lane of the vector. The masks of classes stay until the next time. */
function lookTimed(vector: i32, base: usize): void {
  memory.fill(base + TIMED, 0, FLEETING << 4)
  for (let group = 0; group < GROUPS; group++) {
    store<i64>(DUE, dueIn(vector << 1, group), 0)
    store<i64>(DUE, dueIn((vector << 1) + 1, group), 8)
    if (v128.any_true(v128.load(DUE))) watch(group, base)
  }
}

/** Steps that a lane may take before something other than an event is due in it. */
// @ts-ignore: decorator
@inline
export function untilDue(lane: i32, horizon: i64): i64 {
  const step = load<i64>(slot(STEPS, lane))
  if (WARMUP && step < 0) return -step
  let left = BASIN ? min(horizon - step, untilBasin(lane, step)) : horizon - step
  if (OBSERVATIONS > 0) left = min(left, untilObserved(step))
  if (GROUPS > 0) left = min(left, untilTimed(lane, step))
  return SPLITS ? min(left, untilSwitch(lane, step)) : left
}

/** The lane has come to the end of a noise-free descent. */
export function arrive(lane: i32, stage: i64): void {
  if (stage < START_DESCENTS - 1) startDescent(lane, stage + 1, PROBE)
  else if (stage < START_DESCENTS) {
    if (SHARED_START) keepEnd(lane, KEPT_START)
    copyLane(lane, PROBE, THETA)
    depart(lane)
  } else if (BASIN && stage == HOME_STAGE) {
    if (SHARED_HOME) keepEnd(lane, KEPT_HOME)
    makeHome(lane)
  } else if (BASIN && stage == BASIN_STAGE) compareWithHome(lane)
  else if (QUENCH) {
    const vector = lane >> 1
    storeSteps(vector)
    finish(VECTORS_AT + <usize>vector * STRIDE)
    if (!isReached(lane) && isFiniteEnd(lane)) leaveUndecided(lane, BY_QUENCH)
    close(lane, <i32>load<i64>(slot(END_OF, lane)))
  }
}

/** Tells `inspect` and `finish` the steps of both lanes. */
function storeSteps(vector: i32): void {
  const lane = vector << 1
  store<f64>(STEP, <f64>load<i64>(slot(STEPS, lane)), 0)
  store<f64>(STEP, <f64>load<i64>(slot(STEPS, lane + 1)), 8)
}

/** Looks at both lanes of a vector after a step at which one of them may have ended. */
export function settle(vector: i32): void {
  const base = VECTORS_AT + <usize>vector * STRIDE
  const lane = vector << 1
  storeSteps(vector)
  if (GROUPS > 0) lookTimed(vector, base)
  inspect(base)
  if (BASIN) v128.store(base + DESCENT, i64x2.splat(0), DESCENT_OUTSIDE)
  let first = note(lane)
  let second = note(lane + 1)
  if (OBSERVATIONS > 0) observe(lane)
  if (SPLITS) {
    if (first < 0) climbOn(lane)
    if (second < 0) climbOn(lane + 1)
  }
  if (QUENCH) {
    first = quench(lane, first)
    second = quench(lane + 1, second)
  }
  if (first >= 0 || second >= 0) {
    finish(base)
    if (first >= 0) close(lane, first)
    if (second >= 0) close(lane + 1, second)
  }
}

/** A trial that goes on may branch here. */
function climbOn(lane: i32): void {
  const step = load<i64>(slot(STEPS, lane))
  if (load<i64>(slot(TRIAL, lane)) >= 0 && step > 0) branch(lane, step)
}

/** A trial that ended other than diverged descends once more: it has no end yet. */
function quench(lane: i32, end: i32): i32 {
  if (end < 0) return end
  if (end == DIVERGED_AWAY) {
    forgetDescent(lane)
    return end
  }
  store<i64>(slot(END_OF, lane), end)
  startDescent(lane, QUENCH_STAGE, THETA)
  return -1
}

/** Notes the events of the step in the order of the contract; the end of the trial, or -1. */
function note(lane: i32): i32 {
  if (load<i64>(slot(TRIAL, lane)) < 0) {
    idle(lane)
    return -1
  }
  const half = <usize>(lane & 1) << 3
  const at = halfOf(lane)
  const step = load<i64>(slot(STEPS, lane))
  if ((WARMUP || BASIN) && step <= 0) return -1
  if (load<i64>(half, FINITE) == 0) return DIVERGED_AWAY
  for (let mark = 0; mark < MARKS; mark++) {
    if (load<i64>(MARK_MASKS + half + (<usize>mark << 4)) != 0) {
      store<i64>(slot(MARK_STEPS, lane * MARKS + mark), step)
      store<i64>(at + MARK_ARMED + (<usize>mark << 4), 0)
      if (SINCE_COUNT > 0 && sincePlace(mark) != 0) copyLane(lane, THETA, sincePlace(mark))
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
  if (QUENCH) {
    if (end != DIVERGED_AWAY && (undecidedBy(lane) & BY_QUENCH) == 0) settled = minimumAt(lane, PROBE, OTHER)
  } else if (end == SETTLED_DOWN) {
    const centre = <i32>load<i64>(slot(CONVERGED_IN, lane))
    if (centre > 0) settled = <i32>load<f64>(slot(CENTRE_MINIMA, centre - 1))
    if (settled == 0) settled = SETTLES_BY_GRADIENT ? minimumAt(lane, THETA, OTHER) : <i32>load<i64>(half, SETTLED)
    if (settled == 0) settled = OTHER
  }
  // A look at the basin that was not decided is of no account once another one found the trial outside.
  const undecided = DESCENTS ? undecidedBy(lane) & (escaped == 0 ? BY_BASIN | BY_QUENCH : BY_QUENCH) : 0
  const unreached: u64 = undecided != 0 ? 1 : 0
  // The first word: end, exit, settled, class and unreached.
  store<u64>(
    RECORD,
    <u64>end | (<u64>exit << 8) | (<u64>settled << 16) | (<u64>kind << 32) | (unreached << 48),
    RECORD_END,
  )
  store<i64>(RECORD, escaped, RECORD_ESCAPED_AT)
  store<i64>(RECORD, converged, RECORD_CONVERGED_AT)
  store<i64>(RECORD, steps, RECORD_STEPS)
  // Of a tilt `finish` gives the weight and the logarithm of the ratio.
  storeNumber(RECORD + RECORD_LOSS, TILTS && escaped == 0 ? 0 : load<f64>(half, LOSS))
  storeNumber(RECORD + RECORD_DISTANCE, load<f64>(half, DISTANCE))
  const marks = slot(MARK_STEPS, lane * MARKS)
  for (let mark = 0; mark < MARKS; mark++) {
    const at = <usize>mark << 3
    store<i64>(RECORD + RECORD_MARKS + at, load<i64>(marks + at))
  }
  if (!SPLITS) {
    addDigest(trial, RECORD, 6 + MARKS)
    if (DESCENTS) countUnreached(unreached)
    count(end, exit, settled, kind, escaped, converged, steps)
  }
  if (load<i64>(LOG_CAPACITY) != 0) logRecord(lane, trial, QUENCH && end != DIVERGED_AWAY ? PROBE : THETA)
  store<i64>(ACTIVE, load<i64>(ACTIVE) - 1)
  begin(lane)
}
