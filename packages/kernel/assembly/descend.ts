// Takes the descents of all lanes on, and their trials where a descent ends.

import { DESCENDING, DESCENT_ACTIVE, DESCENT_ARRIVED } from './memory'
import { arrive } from './trial'
import { DESCENT, STAGE_OF, STRIDE, VECTORS, VECTORS_AT, descend } from './landscape'

/** Every vector takes up to `budget` steps of descent, until a lane of it arrives; the largest number taken. */
export function descendLanes(budget: i64): i64 {
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
  store<i64>(VECTORS_AT + <usize>(lane >> 1) * STRIDE + (<usize>(lane & 1) << 3) + DESCENT, 0, DESCENT_ACTIVE)
  store<i64>(DESCENDING, load<i64>(DESCENDING) - 1)
  arrive(lane, load<i64>(STAGE_OF + (<usize>lane << 3)))
}
