// Finished records: they wait in the log, in the order of their ends, and are added to the digest.

import { halfOf, slot, storeNumber } from './lane'
import './landscape'
import './memory'
import { observedBy } from './observe'

/** Adds the record of a trial of the lane; `last` is where its vector keeps the last theta. */
export function logRecord(lane: i32, trial: i64, last: usize): void {
  const vector = halfOf(lane)
  const used = load<usize>(LOG_USED)
  const keepTheta = load<i64>(KEEP_THETA) != 0
  const bytes = 56 + 8 * MARKS + (SPLITS ? 16 : 0) + (keepTheta ? 8 * DIMENSION : 0)
  const values: usize = OBSERVATIONS > 0 ? load<usize>(OBSERVED_SLOTS) << 3 : 0
  const entry = load<usize>(LOG) + used * (bytes + values)
  store<i64>(entry, trial)
  memory.copy(entry + 8, RECORD, RECORD_MARKS + 8 * MARKS)
  if (SPLITS) {
    store<f64>(entry, load<f64>(vector, PEAK), 56)
    store<i64>(entry, load<i64>(slot(BRANCHED_AT, lane)), 64)
  }
  if (keepTheta) {
    const to = entry + 56 + 8 * MARKS
    for (let i: usize = 0; i < DIMENSION; i++) storeNumber(to + (i << 3), load<f64>(vector + last + (i << 4)))
  }
  if (OBSERVATIONS > 0) memory.copy(entry + bytes, observedBy(lane), values)
  store<usize>(LOG_USED, used + 1)
}

/*
 * Additive 128-bit hash of (trial index, record). Each absorbing step is a bijection of the state for a given word
 * and of the word for a given state; `src/outcome/digest.ts` writes the same in BigInt.
 */

// @ts-ignore: decorator
@inline
function finalise(x: u64): u64 {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb
  return x ^ (x >> 31)
}

/** Adds the record of `words` 64-bit words at `record`. */
export function addDigest(trial: i64, record: usize, words: i32): void {
  let a: u64 = (0x9e3779b97f4a7c15 ^ <u64>trial) * 0xff51afd7ed558ccd
  let b: u64 = (0xc2b2ae3d27d4eb4f + <u64>trial) * 0xc4ceb9fe1a85ec53
  for (let i = 0; i < words; i++) {
    const word = load<u64>(record + (<usize>i << 3))
    a = rotl<u64>(a ^ word, 29) * 0xff51afd7ed558ccd
    b = rotl<u64>(b + word, 37) * 0xc4ceb9fe1a85ec53
  }
  const low = finalise(a + rotl<u64>(b, 32))
  const high = finalise(b ^ (low * 0x9fb21c651e98df25))
  const sum = load<u64>(DIGEST, 0) + low
  store<u64>(DIGEST, load<u64>(DIGEST, 8) + high + <u64>(sum < low), 8)
  store<u64>(DIGEST, sum, 0)
}
