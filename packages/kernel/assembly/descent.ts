// Noise-free descents of lanes, on copies of theta: begun here, taken on in `descend.ts`, two lanes together
// where both are due. While a lane descends, no lane takes steps of its trial.

import { isOneBasin } from './basin'
import './memory'
import './landscape'
import { halfOf } from './lane'
import { copyPoint } from './points'
import { align } from './symmetry'

/** What a descent is for, numbered as in the table of descents: those of the start come first, innermost first. */
export const HOME_STAGE: i64 = START_DESCENTS
export const BASIN_STAGE: i64 = START_DESCENTS + 1
export const QUENCH_STAGE: i64 = START_DESCENTS + 2

/** Copies one lane of the coordinates at offset `from` of its vector to those at `to`. */
export function copyLane(lane: i32, from: usize, to: usize): void {
  const at = halfOf(lane)
  copyPoint(at + to, 16, at + from, 16)
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

/**
 * Whether the descent that the lane has come to the end of was stopped by |grad L| <= tolerance, and not by its steps.
 */
export function isReached(lane: i32): bool {
  return load<i64>(halfOf(lane) + DESCENT, DESCENT_REACHED) != 0
}

/** A descent of this number, which did not arrive, leaves something of the trial undecided. */
export const BY_BASIN: i64 = 1
export const BY_QUENCH: i64 = 2

export function leaveUndecided(lane: i32, by: i64): void {
  const at = halfOf(lane) + DESCENT
  store<i64>(at, load<i64>(at, DESCENT_UNDECIDED) | by, DESCENT_UNDECIDED)
}

/** By which descents, as a sum. */
export function undecidedBy(lane: i32): i64 {
  return load<i64>(halfOf(lane) + DESCENT, DESCENT_UNDECIDED)
}

export function decideAnew(lane: i32): void {
  store<i64>(halfOf(lane) + DESCENT, 0, DESCENT_UNDECIDED)
}

/*
 * Where all trials share a descent, it is made once: its end stands at `kept` behind a word, 1 where it was reached, 2
 * where not.
 */

export function keepEnd(lane: i32, kept: usize): void {
  copyPoint(kept + 8, 8, halfOf(lane) + PROBE, 16)
  store<i64>(kept, isReached(lane) ? 1 : 2)
}

/** Copies the end to one lane at offset `to`; false: nothing was kept. */
export function recallEnd(lane: i32, kept: usize, to: usize): bool {
  if (load<i64>(kept) == 0) return false
  copyPoint(halfOf(lane) + to, 16, kept + 8, 8)
  return true
}

/** The end of the descent from theta_0 is at PROBE. */
export function makeHome(lane: i32): void {
  copyLane(lane, PROBE, HOME)
  noteHome(lane, isReached(lane))
}

export function recallHome(lane: i32, kept: usize): bool {
  if (!recallEnd(lane, kept, HOME)) return false
  noteHome(lane, load<i64>(kept) == 1)
  return true
}

function noteHome(lane: i32, reached: bool): void {
  store<i64>(halfOf(lane) + DESCENT, reached ? 1 : 0, DESCENT_HOME)
}

/**
 * Notes whether the descent of the lane ended in another basin than the one from theta_0. An end that is not finite is
 * in none; one that ran out of steps is no end, nor is there a basin to leave where the descent from theta_0 did.
 */
export function compareWithHome(lane: i32): void {
  const at = halfOf(lane)
  let outside: i64 = 0
  if (load<i64>(at + DESCENT, DESCENT_HOME) == 0) leaveUndecided(lane, BY_BASIN)
  else if (!isFiniteAt(at + PROBE)) outside = -1
  else if (!isReached(lane)) leaveUndecided(lane, BY_BASIN)
  else {
    copyPoint(BASIN_LEFT, 8, at + HOME, 16)
    copyPoint(BASIN_WAITING, 8, at + PROBE, 16)
    if (MODULO) align(BASIN_LEFT, BASIN_WAITING)
    if (!isOneBasin(load<f64>(BASIN_TOLERANCE))) outside = -1
  }
  store<i64>(at + DESCENT, outside, DESCENT_OUTSIDE)
}

/** Number of the minimum in whose basin the coordinates at offset `from` are an end, or `other`. */
export function minimumAt(lane: i32, from: usize, other: i32): i32 {
  const at = halfOf(lane) + from
  if (!isFiniteAt(at)) return other
  for (let minimum = 0; minimum < MINIMA; minimum++) {
    copyPoint(BASIN_LEFT, 8, MINIMA_AT + <usize>minimum * (DIMENSION << 3), 8)
    copyPoint(BASIN_WAITING, 8, at, 16)
    if (isOneBasin(load<f64>(SETTLE_TOLERANCE))) return minimum + 1
  }
  return other
}

/** Whether the end of the descent of the lane is. */
export function isFiniteEnd(lane: i32): bool {
  return isFiniteAt(halfOf(lane) + PROBE)
}

function isFiniteAt(at: usize): bool {
  for (let i: usize = 0; i < DIMENSION; i++) if (!(abs(load<f64>(at + (i << 4))) < Infinity)) return false
  return true
}

/** Where no descent ended, nothing is known of it. */
export function forgetDescent(lane: i32): void {
  store<f64>(halfOf(lane) + PROBE, NaN)
}
