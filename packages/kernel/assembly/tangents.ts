// Changes of the layers of a network along a vector, and of its errors: what Hessian-vector products and the trace are
// made of. The scalar twin, which says how, is src/scalar/networkCurvature.ts. Rows are those of a tile (`tile.ts`).

import { bend, slope } from './activation'
import * as elementary from './elementary'
import { exponentials, SIGMOID_OUTPUT, SOFTMAX_OUTPUT } from './outputs'
import { blocks, LINE, NOTHING, plus } from './tile'

/**
 * to_i = sum_j w_ij from_j, or with `more` added to what `to` holds. The weights of a unit are `along` bytes apart, and
 * those of the next one begin `next` bytes later: a line of weights forward, a column of them backward.
 */
export function products(
  weights: usize, along: usize, next: usize, from: usize, terms: i32, to: usize, units: i32, samples: i32, more: bool,
): void {
  const end = blocks(samples)
  const reach = along * <usize>terms
  for (let i = 0; i < units; i++) {
    for (let s: usize = 0; s < end; s += 64) {
      const at = to + s
      let a$ = more ? v128.load(at, 16 * $) : f64x2.splat(NOTHING)
      let x = from + s
      for (let w = weights, last = weights + reach; w < last; w += along) {
        const v = v128.load(w)
        a$ = plus(a$, v, v128.load(x, 16 * $))
        x += TILE_ROW
      }
      v128.store(at, a$, 16 * $)
    }
    weights += next
    to += TILE_ROW
  }
}

/** Changes of the units of a layer: rho' times the changes before it. */
export function pass(slopes: usize, tangents: usize, to: usize, units: i32): void {
  for (const end = to + TILE_ROW * <usize>units; to < end; to += 16) {
    v128.store(to, f64x2.mul(v128.load(tangents), v128.load(slopes)))
    tangents += 16
    slopes += 16
  }
}

/** `slopes` become rho', `deltas` their products with it, and `bends` their products with rho''. */
export function bendUnits(values: usize, slopes: usize, deltas: usize, bends: usize, units: i32): void {
  for (const end = values + TILE_ROW * <usize>units; values < end; values += 16) {
    const value = v128.load(values)
    const s = slope(value, slopes)
    const sum = v128.load(deltas)
    v128.store(slopes, s)
    v128.store(bends, f64x2.mul(sum, bend(value, s)))
    v128.store(deltas, f64x2.mul(sum, s))
    slopes += 16
    deltas += 16
    bends += 16
  }
}

/** The change of deltas: `tangents` become rho' times the sums, plus themselves times the bends. */
export function bendTangents(slopes: usize, bends: usize, sums: usize, tangents: usize, units: i32): void {
  for (const end = tangents + TILE_ROW * <usize>units; tangents < end; tangents += 16) {
    const sum = f64x2.mul(v128.load(slopes), v128.load(sums))
    v128.store(tangents, plus(sum, v128.load(bends), v128.load(tangents)))
    slopes += 16
    sums += 16
    bends += 16
  }
}

/** Changes of the outputs z before gamma become those of the errors; `final` has room for the outputs. */
export function errorTangents(
  z: usize, targets: usize, final: usize, tangents: usize, outputs: i32, samples: i32,
): void {
  const rows = TILE_ROW * <usize>outputs
  const one = f64x2.splat(1)
  if (OUTPUT != SIGMOID_OUTPUT && OUTPUT != SOFTMAX_OUTPUT) return
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    if (OUTPUT == SIGMOID_OUTPUT) {
      for (let at = s; at < s + rows; at += TILE_ROW) {
        const f = elementary.sigmoid_v(v128.load(z + at))
        let factor = f64x2.mul(f, f64x2.sub(one, f))
        if (!CROSS_ENTROPY) {
          const rest = f64x2.mul(f64x2.sub(f, v128.load(targets + at)), f64x2.sub(one, f64x2.add(f, f)))
          factor = f64x2.mul(factor, f64x2.add(factor, rest))
        }
        v128.store(tangents + at, f64x2.mul(factor, v128.load(tangents + at)))
      }
      continue
    }
    const normal = exponentials(z + s, final + s, outputs)
    let mean = f64x2.splat(NOTHING)
    // As in `errors`: the sum of the targets, or of (F - t) F.
    let sum = f64x2.splat(NOTHING)
    for (let at = s; at < s + rows; at += TILE_ROW) {
      const f = f64x2.div(v128.load(final + at), normal)
      v128.store(final + at, f)
      const t = v128.load(targets + at)
      mean = plus(mean, f, v128.load(tangents + at))
      sum = CROSS_ENTROPY ? f64x2.add(sum, t) : plus(sum, f64x2.sub(f, t), f)
    }
    let change = f64x2.splat(NOTHING)
    for (let at = s; at < s + rows; at += TILE_ROW) {
      const f = v128.load(final + at)
      const moved = f64x2.mul(f, f64x2.sub(v128.load(tangents + at), mean))
      v128.store(tangents + at, CROSS_ENTROPY ? f64x2.mul(sum, moved) : moved)
      change = plus(change, moved, f64x2.add(f, f64x2.sub(f, v128.load(targets + at))))
    }
    if (CROSS_ENTROPY) continue
    for (let at = s; at < s + rows; at += TILE_ROW) {
      const f = v128.load(final + at)
      const moved = v128.load(tangents + at)
      const own = f64x2.mul(moved, f64x2.sub(f64x2.sub(f, v128.load(targets + at)), sum))
      v128.store(tangents + at, plus(own, f, f64x2.sub(moved, change)))
    }
  }
}

/** For each sample, the sum of squared inputs of a layer; inputs as in `dense`. */
export function squareInputs<From>(from: usize, to: usize, inputs: i32, samples: i32): void {
  const shared = isBoolean<From>()
  for (const end = to + (<usize>samples << 4); to < end; to += 16) {
    let total = f64x2.splat(NOTHING)
    let x = from
    for (let j = 0; j < inputs; j++) {
      const value = shared ? v128.load64_splat(x) : v128.load(x)
      total = plus(total, value, value)
      x += shared ? 8 : TILE_ROW
    }
    v128.store(to, total)
    from += shared ? LINE : 16
  }
}

/** A change of one unit alone, by 1. */
export function oneUnit(to: usize, unit: i32, units: i32): void {
  for (let i = 0; i < units; i++) {
    for (const end = to + TILE_ROW; to < end; to += 16) v128.store(to, f64x2.splat(i == unit ? 1 : 0))
  }
}

export function totalOf(from: usize, count: i32): v128 {
  let total = f64x2.splat(NOTHING)
  for (const end = from + (<usize>count << 4); from < end; from += 16) total = f64x2.add(total, v128.load(from))
  return total
}
