// A tile: samples of a network's data, and what its layers make of them. It holds rows of 16-byte values, one row a
// column of the data or a unit of a layer, TILE_ROW bytes long; both lanes of a vector at once. Blocks of four samples
// are computed together, so that a weight is loaded once for four products and chains of additions overlap. Every sum
// runs left to right all the same: over the inputs of a unit from its bias, over the units behind it, over the samples
// of a weight.

import { nextSample, STORED } from './batch'

/** Where a layer gets its inputs from: the data, which are the same in both lanes, or rows of the tile. */
export type FromData = bool
export type FromRows = i32

/** Begins a sum: -0 + a is a for every a. */
export const NOTHING: f64 = -0.0

/** Bytes from a sample to the next, as doubles. */
export const LINE: usize = <usize>COLUMNS << 3

/** End of the blocks of four that cover so many samples; what the last one holds beyond them is never summed. */
// @ts-ignore: decorator
@inline
export function blocks(samples: i32): usize {
  return <usize>((samples + 3) & ~3) << 4
}

// @ts-ignore: decorator
@inline
export function plus(total: v128, d: v128, x: v128): v128 {
  return f64x2.add(total, f64x2.mul(d, x))
}

/** The double that a stored byte stands for. `column` is counted from 0. */
// @ts-ignore: decorator
@inline
function widened(at: usize, column: usize): f64 {
  const byte = <usize>load<u8>(at)
  return column < <usize>SCALED ? load<f64>(BYTE_NUMBERS + (byte << 3)) : <f64>byte
}

/** Where samples `first`, ... of the data are as doubles. Bytes are widened into a place that the next call reuses. */
export function samplesAt(first: i32, samples: i32): usize {
  const from = DATA + <usize>first * STORED
  if (!BYTES) return from
  for (let s: usize = 0; s < <usize>samples; s++) copySample(from + s * STORED, STAGE + s * LINE)
  return STAGE
}

/** Copies a stored sample as doubles. */
// @ts-ignore: decorator
@inline
export function copySample(from: usize, to: usize): void {
  if (BYTES) {
    for (let column: usize = 0; column < STORED; column++) {
      store<f64>(to + (column << 3), widened(from + column, column))
    }
  } else memory.copy(to, from, LINE)
}

/** Columns of the samples at `x` into the rows from `at`, the same in both lanes. */
export function fill(at: usize, x: usize, samples: i32, column: i32, columns: i32): void {
  let from = x + (<usize>column << 3)
  const width = <usize>columns << 3
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let to = at + s
    for (let offset: usize = 0; offset < width; offset += 8) {
      v128.store(to, v128.load64_splat(from + offset))
      to += TILE_ROW
    }
    from += LINE
  }
}

/** The next samples of each lane into the rows from `at`. */
export function draw(base: usize, at: usize, samples: i32): void {
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    const first = DATA + <usize>nextSample(base) * STORED
    const second = DATA + <usize>nextSample(base + 8) * STORED
    let to = at + s
    if (BYTES) {
      for (let column: usize = 0; column < STORED; column++) {
        v128.store(to, f64x2(widened(first + column, column), widened(second + column, column)))
        to += TILE_ROW
      }
      continue
    }
    for (let offset: usize = 0; offset < LINE; offset += 8) {
      v128.store(to, v128.load64_lane(second + offset, v128.load64_zero(first + offset), 1))
      to += TILE_ROW
    }
  }
}
