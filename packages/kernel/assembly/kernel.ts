// Entry of the module: `open` a range of trials, then `proceed` until it says that all have ended.

import './memory'
import { halfOf } from './lane'
import { isObserved } from './observe'
import { arrive, begin, isTimedDue, meet, settle, untilDue } from './trial'
import { advance, descend, tabulate } from './landscape'

const LANES: i32 = 2 * VECTORS
const ENDED: i32 = 0
const PAUSED: i32 = 1
const FULL: i32 = 2

export { tabulate }

/** Clears digest and tally and fills the lanes with the first trials of the range. */
export function open(first: i64, limit: i64): void {
  // The compiler's own data must end below ours.
  if (__heap_base > CONTROL) unreachable()
  memory.fill(DIGEST, 0, 16)
  memory.fill(TALLY, 0, TALLY_END - TALLY)
  memory.fill(ESCAPE_HISTOGRAM, 0, HISTOGRAMS_END - ESCAPE_HISTOGRAM)
  memory.fill(EXIT_COUNTS, 0, COUNTS_END - EXIT_COUNTS)
  store<i64>(NEXT, first)
  store<i64>(LIMIT, limit)
  store<i64>(ACTIVE, 0)
  store<i64>(LOG_USED, 0)
  store<i64>(DESCENDING, 0)
  store<i64>(LOOKING, 0)
  if (DESCENTS) {
    for (let vector = 0; vector < VECTORS; vector++) {
      memory.fill(VECTORS_AT + <usize>vector * STRIDE + DESCENT, 0, DESCENT_END)
    }
  }
  for (let lane = 0; lane < LANES; lane++) begin(lane)
}

/** Takes up to `budget` steps in every lane. 0: all trials ended; 1: budget spent; 2: the log must be emptied. */
export function proceed(budget: i64): i32 {
  const horizon = load<i64>(HORIZON)
  while (load<i64>(ACTIVE) > 0) {
    if (load<i64>(LOG_CAPACITY) != 0 && load<i64>(LOG_CAPACITY) - load<i64>(LOG_USED) < LANES) return FULL
    if (budget <= 0) return PAUSED
    if (DESCENTS && load<i64>(DESCENDING) > 0) {
      budget -= descendLanes(budget)
      continue
    }
    // Looked at once the descents that the events wait for are over.
    if (BASIN && load<i64>(LOOKING) != 0) {
      store<i64>(LOOKING, 0)
      for (let vector = 0; vector < VECTORS; vector++) if (isDue(vector, horizon)) settle(vector)
      continue
    }
    let chunk = budget
    for (let lane = 0; lane < LANES; lane++) {
      if (load<i64>(TRIAL + (<usize>lane << 3)) < 0) store<i64>(STEPS + (<usize>lane << 3), 0)
      chunk = min(chunk, untilDue(lane, horizon))
    }
    const taken = advance(chunk)
    budget -= taken
    for (let vector = 0; vector < VECTORS; vector++) {
      const steps = STEPS + (<usize>vector << 4)
      store<i64>(steps, load<i64>(steps, 0) + taken, 0)
      store<i64>(steps, load<i64>(steps, 8) + taken, 8)
      if (WARMUP || BASIN || SPLITS) {
        meet(vector << 1)
        meet((vector << 1) + 1)
      }
      if (!BASIN && isDue(vector, horizon)) settle(vector)
    }
    if (BASIN) store<i64>(LOOKING, 1)
  }
  return ENDED
}

/** Whether a lane of the vector has an event or is at the horizon. */
// @ts-ignore: decorator
@inline
function isDue(vector: i32, horizon: i64): bool {
  const steps = STEPS + (<usize>vector << 4)
  if (v128.any_true(v128.load(EVENTS + (<usize>vector << 4)))) return true
  if (load<i64>(steps, 0) >= horizon || load<i64>(steps, 8) >= horizon) return true
  if (OBSERVATIONS > 0 && isObserved(vector << 1)) return true
  if (GROUPS > 0 && isTimedDue(vector)) return true
  return BASIN && v128.any_true(v128.load(VECTORS_AT + <usize>vector * STRIDE + DESCENT, DESCENT_OUTSIDE))
}

/** Every vector takes up to `budget` steps of descent, until a lane of it arrives; the largest number taken. */
function descendLanes(budget: i64): i64 {
  let most: i64 = 0
  for (let vector = 0; vector < VECTORS; vector++) {
    const base = VECTORS_AT + <usize>vector * STRIDE
    if (!v128.any_true(v128.load(base + DESCENT, DESCENT_ACTIVE))) continue
    most = max(most, descend(base, budget))
    const first = load<i64>(base + DESCENT, DESCENT_ARRIVED)
    const second = load<i64>(base + DESCENT, DESCENT_ARRIVED + 8)
    if (first) end(vector << 1)
    if (second) end((vector << 1) + 1)
  }
  return most
}

function end(lane: i32): void {
  store<i64>(halfOf(lane) + DESCENT, 0, DESCENT_ACTIVE)
  store<i64>(DESCENDING, load<i64>(DESCENDING) - 1)
  arrive(lane, load<i64>(STAGE_OF + (<usize>lane << 3)))
}
