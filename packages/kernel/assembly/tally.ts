// The tally of a run, counted as trials end. Every counter is 64 bits wide.

import './memory'
import './landscape'

// @ts-ignore: decorator
@inline
function increase(at: usize, by: u64): void {
  store<u64>(at, load<u64>(at) + by)
}

/** `stepBin` of `src/outcome/tally.ts`: exact below 64, then 32 bins an octave. */
// @ts-ignore: decorator
@inline
function binOf(step: u64): usize {
  if (step < 64) return <usize>step
  const exponent = 63 - clz<u64>(step)
  return <usize>(64 + ((exponent - 6) << 5) + ((step >> (exponent - 5)) - 32))
}

/** Adds n^2 to the 128-bit sum of squares at `at`. */
function addSquare(at: usize, n: u64): void {
  const high = n >> 32
  const low = n & 0xffffffff
  const cross = (high * low) << 1
  const square = low * low
  const lower = square + (cross << 32)
  const upper = high * high + (cross >> 32) + <u64>(lower < square)
  const sum = load<u64>(at, 0) + lower
  store<u64>(at, load<u64>(at, 8) + upper + <u64>(sum < lower), 8)
  store<u64>(at, sum, 0)
}

/** 1 where a descent that ran out of steps left something of the trial undecided. */
export function countUnreached(unreached: u64): void {
  increase(TALLY_UNREACHED, unreached)
}

export function count(end: i32, exit: i32, settled: i32, kind: i32, escaped: i64, converged: i64, steps: i64): void {
  increase(TALLY_TRIALS, 1)
  increase(TALLY_ENDS + (<usize>end << 3), 1)
  increase(TALLY_STEPS, steps)
  const tau = escaped != 0 ? escaped : load<i64>(HORIZON)
  increase(TALLY_ESCAPE_STEPS, tau)
  addSquare(TALLY_ESCAPE_SQUARES, tau)
  const atRisk = escaped != 0 ? escaped : steps
  increase(TALLY_AT_RISK, atRisk)
  if (escaped != 0) {
    increase(TALLY_ESCAPED, 1)
    increase(EXIT_COUNTS + (<usize>(exit - 1) << 3), 1)
    increase(ESCAPE_HISTOGRAM + (binOf(escaped) << 3), 1)
  }
  if (converged != 0) increase(CONVERGE_HISTOGRAM + (binOf(converged) << 3), 1)
  if (settled != 0) increase(SETTLED_COUNTS + (<usize>(settled == 0xffff ? MINIMA : settled - 1) << 3), 1)
  const place = ((escaped != 0 ? 4 : 0) + end) * (MINIMA + 2) + (settled == 0xffff ? MINIMA + 1 : settled)
  increase(JOINT_COUNTS + (<usize>place << 3), 1)
  if (CLASSES > 0) increase(CLASS_COUNTS + (<usize>(kind == 0xffff ? CLASSES : kind - 1) << 3), 1)
  for (let mark = 0; mark < MARKS; mark++) {
    const step = load<i64>(RECORD + (<usize>mark << 3), RECORD_MARKS)
    const at = MARK_SUMS + <usize>mark * MARK_SUM_END
    const spent = step != 0 ? step : steps
    increase(at + MARK_SUM_STEPS, spent)
    addSquare(at + MARK_SUM_SQUARES, spent)
    if (step == 0) continue
    increase(MARK_COUNTS + (<usize>mark << 3), 1)
    increase(at + MARK_SUM_REACHED, step)
    addSquare(at + MARK_SUM_REACHED_SQUARES, step)
  }
  const horizons = load<i32>(HORIZONS)
  for (let index = 0; index < horizons; index++) {
    const at = load<usize>(HORIZONS_AT) + <usize>index * (HORIZON_EXITS + <usize>(8 * (EXITS + MARKS)))
    const horizon = load<i64>(at + HORIZON_STEP)
    const escapes = escaped != 0 && escaped <= horizon
    const diverges = end == 2 && steps <= horizon
    if (escapes) {
      increase(at + HORIZON_ESCAPED, 1)
      increase(at + HORIZON_EXITS + (<usize>(exit - 1) << 3), 1)
    }
    if (converged != 0 && converged <= horizon) increase(at + HORIZON_CONVERGED, 1)
    if (diverges) increase(at + HORIZON_DIVERGED, 1)
    if (atRisk > horizon) increase(at + HORIZON_AT_RISK, atRisk - horizon)
    if (escapes || diverges) increase(at + HORIZON_DEPARTED, 1)
    for (let mark = 0; mark < MARKS; mark++) {
      const step = load<i64>(RECORD + (<usize>mark << 3), RECORD_MARKS)
      if (step != 0 && step <= horizon) increase(at + HORIZON_EXITS + (<usize>(EXITS + mark) << 3), 1)
    }
  }
}
