// Layers forward: to_i = b_i + sum_j w_ij x_j. The first layer of a step over all samples takes them from the data
// as they are (`FromData`): both lanes have the same, and a copy in rows would cost a thirtieth of 8-16-1.

import { blocks, LINE, NOTHING, plus } from './tile'

/** Outputs of a layer. Of the data, up to three samples behind the last are read. */
export function dense<From>(weights: usize, from: usize, to: usize, inputs: i32, outputs: i32, samples: i32): void {
  const shared = isBoolean<From>()
  const end = blocks(samples)
  const line = <usize>inputs << 4
  let bias = weights + line * <usize>outputs
  let i = 0
  for (; i + 2 <= outputs; i += 2) {
    denseUnits(weights, bias, from, to, line, end, shared, true)
    weights += 2 * line
    bias += 32
    to += 2 * TILE_ROW
  }
  if (i < outputs) denseUnits(weights, bias, from, to, line, end, shared, false)
}

/** One unit, or two (`both`). */
// @ts-ignore: decorator
@inline
function denseUnits(
  weights: usize, bias: usize, from: usize, to: usize, line: usize, end: usize, shared: bool, both: bool,
): void {
  const first = BIASES ? v128.load(bias, 0) : f64x2.splat(NOTHING)
  const second = BIASES && both ? v128.load(bias, 16) : f64x2.splat(NOTHING)
  let input = from
  for (let s: usize = 0; s < end; s += 64) {
    let a$ = first
    let b$ = second
    let x = input
    let w = weights
    for (const last = weights + line; w < last; w += 16) {
      const v = v128.load(w)
      const u = both ? v128.load(w + line) : v
      const x$ = shared ? v128.load64_splat(x, $ * LINE) : v128.load(x, 16 * $)
      a$ = plus(a$, v, x$)
      if (both) b$ = plus(b$, u, x$)
      x += shared ? 8 : TILE_ROW
    }
    const at = to + s
    v128.store(at, a$, 16 * $)
    if (both) v128.store(at, b$, TILE_ROW + 16 * $)
    input += shared ? 4 * LINE : 64
  }
}
