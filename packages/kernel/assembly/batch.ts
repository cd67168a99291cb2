// The random choices of a step besides its drift: the samples of each lane, the units it leaves out, its labels.

import './memory'
import './landscape'
import { halfOf } from './lane'
import { seedLane } from './philox'
import { nextLane } from './xoshiro'

// The purposes in `src/streams/streams.ts`.
const DATA_PURPOSE: u32 = 1
const DROPOUT_PURPOSE: u32 = 4
const LABELS_PURPOSE: u32 = 5

/** Bytes from a sample to the next, as the data are stored: row by row, test samples behind training samples. */
export const STORED: usize = BYTES ? <usize>COLUMNS : <usize>COLUMNS << 3

// @ts-ignore: decorator
@inline
function rowCount(): u32 {
  return <u32>load<f64>(ROWS)
}

// @ts-ignore: decorator
@inline
function reseed(state: usize, trial: i64, purpose: u32): void {
  seedLane(state, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, purpose)
}

/** The lane draws from the streams of a trial, from their beginning; the order of the samples stays. */
export function reseedBatches(lane: i32, trial: i64): void {
  const at = halfOf(lane)
  if (BATCHES) reseed(at + DATA_STATE, trial, DATA_PURPOSE)
  if (DROPOUT) reseed(at + DROPOUT_STATE, trial, DROPOUT_PURPOSE)
  if (LABEL_NOISE) reseed(at + LABEL_STATE, trial, LABELS_PURPOSE)
}

/** Behind the data, one order a lane. */
function orderOf(lane: i32): usize {
  return ordersAt() + <usize>lane * (<usize>rowCount() << 2)
}

function ordersAt(): usize {
  const rows = <usize>rowCount()
  const samples = TESTS ? rows + <usize>load<f64>(TEST_ROWS) : rows
  return DATA + ((samples * STORED + 7) & ~7)
}

/** The first address behind the orders, and behind the samples that a block of four reads beyond the data. */
export function ordersEnd(): usize {
  const bytes = SHUFFLED ? <usize>(2 * VECTORS) * (<usize>rowCount() << 2) : 0
  return (ordersAt() + max(bytes, 3 * STORED) + 7) & ~7
}

export function copyOrder(lane: i32, to: usize): void {
  if (SHUFFLED) memory.copy(to, orderOf(lane), <usize>rowCount() << 2)
}

/** The order of a snapshot, which another lane may have taken. */
export function restoreOrder(lane: i32, from: usize): void {
  if (!SHUFFLED) return
  memory.copy(orderOf(lane), from, <usize>rowCount() << 2)
  store<i64>(halfOf(lane), <i64>orderOf(lane), ORDER)
}

/** A trial begins in the lane: its streams, and the samples in their own order. */
export function beginBatches(lane: i32, trial: i64): void {
  reseedBatches(lane, trial)
  if (!SHUFFLED) return
  const at = halfOf(lane)
  const rows = rowCount()
  const order = orderOf(lane)
  store<i64>(at, 0, POSITION)
  store<i64>(at, <i64>order, ORDER)
  for (let row: u32 = 0; row < rows; row++) store<u32>(order + (<usize>row << 2), row)
}

/**
 * Uniform in 0 .. n - 1 without bias: the upper 32 bits of a draw times n, its upper 32 bits; drawn again where the
 * lower 32 are below 2^32 mod n (Lemire: Fast random integer generation in an interval, 2019).
 */
// @ts-ignore: decorator
@inline
export function below(state: usize, n: u32): u32 {
  let product = (nextLane(state) >> 32) * <u64>n
  if (<u32>product < n) {
    const least = (<u32>0 - n) % n
    while (<u32>product < least) product = (nextLane(state) >> 32) * <u64>n
  }
  return <u32>(product >> 32)
}

/** The next sample of a lane; `at` is the vector plus 8 for its second lane. */
export function nextSample(at: usize): u32 {
  if (!REPEATS) return drawSample(at)
  const chosen = load<usize>(at, CHOSEN_NEXT)
  store<usize>(at, chosen + 4, CHOSEN_NEXT)
  return load<u32>(chosen)
}

/** Draws the samples of a step that evaluates them more than once, and keeps the streams of its masks and labels. */
export function beginStep(base: usize): void {
  if (BATCHES) {
    const end = CHOSEN + BATCH_BYTES
    for (let to = CHOSEN; to < end; to += 4) {
      store<u32>(to, drawSample(base))
      store<u32>(to + BATCH_BYTES, drawSample(base + 8))
    }
  }
  memory.copy(KEPT_STATES, base + DROPOUT_STATE, KEPT_BYTES)
  repeatStep(base)
}

/** The next gradient of the step has the same samples, masks and labels again. */
export function repeatStep(base: usize): void {
  if (BATCHES) {
    store<usize>(base, CHOSEN, CHOSEN_NEXT)
    store<usize>(base + 8, CHOSEN + BATCH_BYTES, CHOSEN_NEXT)
  }
  memory.copy(base + DROPOUT_STATE, KEPT_STATES, KEPT_BYTES)
}

// @ts-ignore: decorator
@inline
function drawSample(at: usize): u32 {
  const rows = rowCount()
  if (!SHUFFLED) return below(at + DATA_STATE, rows)
  const position = load<u32>(at, POSITION)
  const order = load<usize>(at, ORDER)
  const here = order + (<usize>position << 2)
  const there = here + (<usize>below(at + DATA_STATE, rows - position) << 2)
  const row = load<u32>(there)
  store<u32>(there, load<u32>(here))
  store<u32>(here, row)
  store<u32>(at, position + 1 == rows ? 0 : position + 1, POSITION)
  return row
}
