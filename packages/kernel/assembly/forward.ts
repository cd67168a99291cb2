// Layers forward: to_i = b_i + sum_j w_ij x_j. The first layer of a step over all samples takes them from the data
// as they are (`shared`): both lanes have the same, and a copy in rows would cost a thirtieth of 8-16-1.

import { ROW } from './landscape'
import { blocks, LINE, NOTHING, plus } from './tile'

/** Outputs of a layer from the rows from `from`. */
export function dense(
  weights: usize,
  from: usize,
  to: usize,
  inputs: i32,
  outputs: i32,
  biases: bool,
  samples: i32,
): void {
  denseOf(weights, from, to, inputs, outputs, biases, samples, false)
}

/** The same from the samples of the data from `from`; up to three behind the last are read. */
export function denseShared(
  weights: usize,
  from: usize,
  to: usize,
  inputs: i32,
  outputs: i32,
  biases: bool,
  samples: i32,
): void {
  denseOf(weights, from, to, inputs, outputs, biases, samples, true)
}

// @ts-ignore: decorator
@inline
function denseOf(
  weights: usize,
  from: usize,
  to: usize,
  inputs: i32,
  outputs: i32,
  biases: bool,
  samples: i32,
  shared: bool,
): void {
  const end = blocks(samples)
  const line = <usize>inputs << 4
  let bias = weights + line * <usize>outputs
  let i = 0
  for (; i + 2 <= outputs; i += 2) {
    const first = biases ? v128.load(bias, 0) : f64x2.splat(NOTHING)
    const second = biases ? v128.load(bias, 16) : f64x2.splat(NOTHING)
    let input = from
    for (let s: usize = 0; s < end; s += 64) {
      let a0 = first
      let a1 = first
      let a2 = first
      let a3 = first
      let b0 = second
      let b1 = second
      let b2 = second
      let b3 = second
      let x = input
      let w = weights
      for (const last = weights + line; w < last; w += 16) {
        const v = v128.load(w)
        const u = v128.load(w + line)
        const x0 = shared ? v128.load64_splat(x, 0 * LINE) : v128.load(x, 0)
        const x1 = shared ? v128.load64_splat(x, 1 * LINE) : v128.load(x, 16)
        const x2 = shared ? v128.load64_splat(x, 2 * LINE) : v128.load(x, 32)
        const x3 = shared ? v128.load64_splat(x, 3 * LINE) : v128.load(x, 48)
        a0 = plus(a0, v, x0)
        a1 = plus(a1, v, x1)
        a2 = plus(a2, v, x2)
        a3 = plus(a3, v, x3)
        b0 = plus(b0, u, x0)
        b1 = plus(b1, u, x1)
        b2 = plus(b2, u, x2)
        b3 = plus(b3, u, x3)
        x += shared ? 8 : ROW
      }
      const at = to + s
      v128.store(at, a0, 0)
      v128.store(at, a1, 16)
      v128.store(at, a2, 32)
      v128.store(at, a3, 48)
      v128.store(at, b0, ROW)
      v128.store(at, b1, ROW + 16)
      v128.store(at, b2, ROW + 32)
      v128.store(at, b3, ROW + 48)
      input += shared ? 4 * LINE : 64
    }
    weights += 2 * line
    bias += 32
    to += 2 * ROW
  }
  if (i == outputs) return
  const only = biases ? v128.load(bias) : f64x2.splat(NOTHING)
  for (let s: usize = 0; s < end; s += 64) {
    let a0 = only
    let a1 = only
    let a2 = only
    let a3 = only
    let x = from
    for (let w = weights, last = weights + line; w < last; w += 16) {
      const v = v128.load(w)
      a0 = plus(a0, v, shared ? v128.load64_splat(x) : v128.load(x))
      a1 = plus(a1, v, shared ? v128.load64_splat(x, LINE) : v128.load(x, 16))
      a2 = plus(a2, v, shared ? v128.load64_splat(x, 2 * LINE) : v128.load(x, 32))
      a3 = plus(a3, v, shared ? v128.load64_splat(x, 3 * LINE) : v128.load(x, 48))
      x += shared ? 8 : ROW
    }
    const at = to + s
    v128.store(at, a0, 0)
    v128.store(at, a1, 16)
    v128.store(at, a2, 32)
    v128.store(at, a3, 48)
    from += shared ? 4 * LINE : 64
  }
}
