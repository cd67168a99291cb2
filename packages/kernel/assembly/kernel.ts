// Entry of the module: `open` a range of trials, then `proceed` until it says that all have ended.

import {
  ACTIVE,
  CONTROL,
  CONVERGE_HISTOGRAM,
  DIGEST,
  ESCAPE_HISTOGRAM,
  HISTOGRAMS_END,
  HORIZON,
  LIMIT,
  LOG_CAPACITY,
  LOG_USED,
  NEXT,
  TALLY,
  TALLY_END,
} from './memory'
import { begin, settle } from './trial'
import { COUNTS, COUNTS_END, EVENTS, STEPS, TRIAL, VECTORS, advance, tabulate } from './landscape'

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
  memory.fill(COUNTS, 0, COUNTS_END - COUNTS)
  store<i64>(NEXT, first)
  store<i64>(LIMIT, limit)
  store<i64>(ACTIVE, 0)
  store<i64>(LOG_USED, 0)
  for (let lane = 0; lane < LANES; lane++) begin(lane)
}

/** Takes up to `budget` steps in every lane. 0: all trials ended; 1: budget spent; 2: the log must be emptied. */
export function proceed(budget: i64): i32 {
  const horizon = load<i64>(HORIZON)
  while (load<i64>(ACTIVE) > 0) {
    if (load<i64>(LOG_CAPACITY) != 0 && load<i64>(LOG_CAPACITY) - load<i64>(LOG_USED) < LANES) return FULL
    if (budget <= 0) return PAUSED
    let chunk = budget
    for (let lane = 0; lane < LANES; lane++) {
      if (load<i64>(TRIAL + (<usize>lane << 3)) < 0) store<i64>(STEPS + (<usize>lane << 3), 0)
      chunk = min(chunk, horizon - load<i64>(STEPS + (<usize>lane << 3)))
    }
    const taken = advance(chunk)
    budget -= taken
    for (let vector = 0; vector < VECTORS; vector++) {
      const steps = STEPS + (<usize>vector << 4)
      const first = load<i64>(steps, 0) + taken
      const second = load<i64>(steps, 8) + taken
      store<i64>(steps, first, 0)
      store<i64>(steps, second, 8)
      const event = v128.any_true(v128.load(EVENTS + (<usize>vector << 4)))
      if (event || first >= horizon || second >= horizon) settle(vector)
    }
  }
  return ENDED
}
