// The order in which `lossUntil` reads the training samples: those with the largest losses first, so that a loss above
// a limit is found after few of them. An order is made from the losses of both lanes and used for many steps. It may be
// stale, and belong to other trials: the answer of `lossUntil` does not depend on it.

import { STORED, ordersEnd } from './batch'
import { LINE, copySample } from './tile'

/** Number of calls of `lossUntil` that use one order. */
const USES: i64 = 64

/** Address of the loss of each sample. Behind the losses is the order, a list of indices of samples. */
// @ts-ignore: decorator
@inline
function known(): usize {
  return ordersEnd()
}

// @ts-ignore: decorator
@inline
function order(): usize {
  return known() + (<usize>load<f64>(ROWS) << 3)
}

/** Whether this call uses the present order; false if a new one is due. */
export function takesOrder(): bool {
  const left = load<i64>(RANKING)
  if (left == 0) return false
  store<i64>(RANKING, left - 1)
  return true
}

/** Keeps the losses of samples `first`, ..., of which each lane has its own at `losses`. */
export function keepLosses(first: i32, losses: usize, samples: i32): void {
  let to = known() + (<usize>first << 3)
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    store<f64>(to, load<f64>(losses + s) + load<f64>(losses + s, 8))
    to += 8
  }
}

/** Copies the samples with ranks `first`, ... as doubles. Returns their address; the next call overwrites them. */
export function rankedSamplesAt(first: i32, samples: i32): usize {
  const from = order() + (<usize>first << 2)
  for (let s: usize = 0; s < <usize>samples; s++) {
    copySample(DATA + <usize>load<u32>(from + (s << 2)) * STORED, STAGE + s * LINE)
  }
  return STAGE
}

// @ts-ignore: decorator
@inline
function lossOfEntry(at: usize): f64 {
  return load<f64>(known() + (<usize>load<u32>(at) << 3))
}

/** Lets the entry at `place` of the first `count` entries sink in a heap whose smallest loss is on top. */
function sink(place: i32, count: i32): void {
  const heap = order()
  const moved = load<u32>(heap + (<usize>place << 2))
  const loss = load<f64>(known() + (<usize>moved << 3))
  for (;;) {
    let below = 2 * place + 1
    if (below >= count) break
    let at = heap + (<usize>below << 2)
    if (below + 1 < count && lossOfEntry(at + 4) < lossOfEntry(at)) {
      below++
      at += 4
    }
    if (!(lossOfEntry(at) < loss)) break
    store<u32>(heap + (<usize>place << 2), load<u32>(at))
    place = below
  }
  store<u32>(heap + (<usize>place << 2), moved)
}

/** Sorts the samples by the losses that were kept, the largest first (heapsort). */
export function rank(): void {
  const rows = <i32>load<f64>(ROWS)
  const heap = order()
  for (let i = 0; i < rows; i++) store<u32>(heap + (<usize>i << 2), i)
  for (let i = rows / 2 - 1; i >= 0; i--) sink(i, rows)
  for (let last = rows - 1; last > 0; last--) {
    const at = heap + (<usize>last << 2)
    const smallest = load<u32>(heap)
    store<u32>(heap, load<u32>(at))
    store<u32>(at, smallest)
    sink(0, last)
  }
  store<i64>(RANKING, USES)
}
