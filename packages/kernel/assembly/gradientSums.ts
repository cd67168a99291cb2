// Sums of the gradient over samples: delta_i x_j for each weight, delta_i for each bias; and what is made of them at
// the end. The inputs of the first layer may be the data themselves (`FromData`), as in `forward.ts`.

import { LINE, NOTHING, plus } from './tile'

/** Adds the samples to the sums of the weights and biases of a layer. */
export function sumLayer<From>(sums: usize, delta: usize, from: usize, inputs: i32, outputs: i32, samples: i32): void {
  const shared = isBoolean<From>()
  const end = <usize>samples << 4
  const line = <usize>inputs << 4
  let at = delta
  let i = 0
  for (; i + 2 <= outputs; i += 2) {
    sumUnits(sums, at, from, inputs, end, shared, true)
    sums += 2 * line
    at += 2 * TILE_ROW
  }
  if (i < outputs) {
    sumUnits(sums, at, from, inputs, end, shared, false)
    sums += line
  }
  if (BIASES) sumBiases(sums, delta, outputs, samples)
}

/** One unit, or two (`both`), by four inputs at a time. */
// @ts-ignore: decorator
@inline
function sumUnits(
  sums: usize, delta: usize, from: usize, inputs: i32, end: usize, shared: bool, both: bool,
): void {
  const line = <usize>inputs << 4
  let j = 0
  for (; j + 4 <= inputs; j += 4) {
    const other = sums + line
    let a$ = v128.load(sums, 16 * $)
    let b$ = both ? v128.load(other, 16 * $) : a$
    let x = from
    for (let s: usize = 0; s < end; s += 16) {
      const d = v128.load(delta + s)
      const e = both ? v128.load(delta + s, TILE_ROW) : d
      const x$ = shared ? v128.load64_splat(x, 8 * $) : v128.load(x, $ * TILE_ROW)
      a$ = plus(a$, d, x$)
      if (both) b$ = plus(b$, e, x$)
      x += shared ? LINE : 16
    }
    v128.store(sums, a$, 16 * $)
    if (both) v128.store(other, b$, 16 * $)
    sums += 64
    from += shared ? 32 : 4 * TILE_ROW
  }
  for (; j < inputs; j++) {
    let a = v128.load(sums)
    let b = both ? v128.load(sums + line) : a
    let at = from
    for (let s: usize = 0; s < end; s += 16) {
      const x = shared ? v128.load64_splat(at) : v128.load(at)
      a = plus(a, v128.load(delta + s), x)
      if (both) b = plus(b, v128.load(delta + s, TILE_ROW), x)
      at += shared ? LINE : 16
    }
    v128.store(sums, a)
    if (both) v128.store(sums + line, b)
    sums += 16
    from += shared ? 8 : TILE_ROW
  }
}

/** Adds the samples to the sums of the biases alone. */
export function sumBiases(sums: usize, delta: usize, outputs: i32, samples: i32): void {
  const end = <usize>samples << 4
  let i = 0
  for (; i + 4 <= outputs; i += 4) {
    let a$ = v128.load(sums, 16 * $)
    for (let s: usize = 0; s < end; s += 16) {
      a$ = f64x2.add(a$, v128.load(delta + s, $ * TILE_ROW))
    }
    v128.store(sums, a$, 16 * $)
    sums += 64
    delta += 4 * TILE_ROW
  }
  for (; i < outputs; i++) {
    let a = v128.load(sums)
    for (let s: usize = 0; s < end; s += 16) a = f64x2.add(a, v128.load(delta + s))
    v128.store(sums, a)
    sums += 16
    delta += TILE_ROW
  }
}

/** Empty sums. */
export function clear(sums: usize, count: i32): void {
  for (let at = sums, end = sums + (<usize>count << 4); at < end; at += 16) v128.store(at, f64x2.splat(NOTHING))
}

/** g = scale sum + decay theta. */
export function finishDecayed(theta: usize, gradient: usize, count: i32, scale: v128, decay: v128): void {
  for (let at: usize = 0, end = <usize>count << 4; at < end; at += 16) {
    const sum = f64x2.mul(scale, v128.load(gradient + at))
    v128.store(gradient + at, f64x2.add(sum, f64x2.mul(decay, v128.load(theta + at))))
  }
}

/** g = scale sum. */
export function finishPlain(gradient: usize, count: i32, scale: v128): void {
  for (let at = gradient, end = gradient + (<usize>count << 4); at < end; at += 16) {
    v128.store(at, f64x2.mul(scale, v128.load(at)))
  }
}
