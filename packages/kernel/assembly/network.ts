// Networks, both lanes of a vector at once, a tile of samples at a time. A tile holds rows of 16-byte values, one row
// a column of the data or a unit of a layer, ROW bytes long; blocks of four samples are computed together, so that a
// weight is loaded once for four products and chains of additions overlap. Every sum runs left to right all the same:
// over the inputs of a unit from its bias, over the units behind it, over the samples of a weight.

import { nextSample } from './batch'
import * as elementary from './elementary'
import { ACTIVATION, CROSS_ENTROPY, DATA, OUTPUT, ROW } from './landscape'

// As `src/emit/network.ts` numbers them.
const TANH: i32 = 0
const SIGMOID: i32 = 1
const RELU: i32 = 2
const LEAKY_RELU: i32 = 3
const SOFTPLUS: i32 = 4
const SIN: i32 = 5
const SIGMOID_OUTPUT: i32 = 1
const SOFTMAX_OUTPUT: i32 = 2

/** Begins a sum: -0 + a is a for every a. */
const NOTHING: f64 = -0.0

/** End of the blocks of four that cover so many samples; what the last one holds beyond them is never summed. */
// @ts-ignore: decorator
@inline
function blocks(samples: i32): usize {
  return <usize>((samples + 3) & ~3) << 4
}

/** Samples `first`, ... of the data into the rows from `at`, the same in both lanes. */
export function fill(at: usize, first: i32, samples: i32, columns: i32): void {
  let from = DATA + <usize>first * (<usize>columns << 3)
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let to = at + s
    for (let column = 0; column < columns; column++) {
      v128.store(to, v128.load64_splat(from))
      to += ROW
      from += 8
    }
  }
}

/** The next samples of each lane into the rows from `at`. */
export function draw(base: usize, at: usize, samples: i32, columns: i32): void {
  const line = <usize>columns << 3
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let first = DATA + <usize>nextSample(base) * line
    let second = DATA + <usize>nextSample(base + 8) * line
    let to = at + s
    for (let column = 0; column < columns; column++) {
      v128.store(to, v128.load64_lane(second, v128.load64_zero(first), 1))
      to += ROW
      first += 8
      second += 8
    }
  }
}

/** to_i = b_i + sum_j w_ij from_j. */
export function dense(weights: usize, from: usize, to: usize, inputs: i32, outputs: i32, biases: bool, samples: i32): void {
  const end = blocks(samples)
  const line = <usize>inputs << 4
  let bias = weights + line * <usize>outputs
  let i = 0
  for (; i + 2 <= outputs; i += 2) {
    const first = biases ? v128.load(bias, 0) : f64x2.splat(NOTHING)
    const second = biases ? v128.load(bias, 16) : f64x2.splat(NOTHING)
    for (let s: usize = 0; s < end; s += 64) {
      let a0 = first
      let a1 = first
      let a2 = first
      let a3 = first
      let b0 = second
      let b1 = second
      let b2 = second
      let b3 = second
      let input = from + s
      let w = weights
      for (const last = weights + line; w < last; w += 16) {
        const v = v128.load(w)
        const u = v128.load(w + line)
        const x0 = v128.load(input, 0)
        const x1 = v128.load(input, 16)
        const x2 = v128.load(input, 32)
        const x3 = v128.load(input, 48)
        a0 = f64x2.add(a0, f64x2.mul(v, x0))
        a1 = f64x2.add(a1, f64x2.mul(v, x1))
        a2 = f64x2.add(a2, f64x2.mul(v, x2))
        a3 = f64x2.add(a3, f64x2.mul(v, x3))
        b0 = f64x2.add(b0, f64x2.mul(u, x0))
        b1 = f64x2.add(b1, f64x2.mul(u, x1))
        b2 = f64x2.add(b2, f64x2.mul(u, x2))
        b3 = f64x2.add(b3, f64x2.mul(u, x3))
        input += ROW
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
    let input = from + s
    for (let w = weights, last = weights + line; w < last; w += 16) {
      const v = v128.load(w)
      a0 = f64x2.add(a0, f64x2.mul(v, v128.load(input, 0)))
      a1 = f64x2.add(a1, f64x2.mul(v, v128.load(input, 16)))
      a2 = f64x2.add(a2, f64x2.mul(v, v128.load(input, 32)))
      a3 = f64x2.add(a3, f64x2.mul(v, v128.load(input, 48)))
      input += ROW
    }
    const at = to + s
    v128.store(at, a0, 0)
    v128.store(at, a1, 16)
    v128.store(at, a2, 32)
    v128.store(at, a3, 48)
  }
}

// @ts-ignore: decorator
@inline
function leaky(z: v128): v128 {
  return v128.bitselect(z, f64x2.mul(z, f64x2.splat(0.01)), f64x2.gt(z, f64x2.splat(0)))
}

/** rho of one value; where rho' is not a function of rho, z is replaced by rho'. */
// @ts-ignore: decorator
@inline
function activateOne(z: usize, a: usize): void {
  const value = v128.load(z)
  if (ACTIVATION == TANH) v128.store(a, elementary.tanh_v(value))
  else if (ACTIVATION == SIGMOID) v128.store(a, elementary.sigmoid_v(value))
  else if (ACTIVATION == RELU) v128.store(a, elementary.relu_v(value))
  else if (ACTIVATION == LEAKY_RELU) v128.store(a, leaky(value))
  else if (ACTIVATION == SOFTPLUS) {
    v128.store(a, elementary.softplus_v(value))
    v128.store(z, elementary.sigmoid_v(value))
  } else if (ACTIVATION == SIN) {
    v128.store(a, elementary.sin_v(value))
    v128.store(z, elementary.cos_v(value))
  } else v128.store(a, value)
}

/** The same of a block of four. */
// @ts-ignore: decorator
@inline
export function activateFour(z: usize, a: usize): void {
  if (ACTIVATION == TANH) {
    elementary.tanhFour_v(z, a)
    return
  }
  for (let s: usize = 0; s < 64; s += 16) activateOne(z + s, a + s)
}

/** a = rho(z) for a layer. */
export function activate(z: usize, a: usize, units: i32, samples: i32): void {
  const end = blocks(samples)
  for (let unit = 0; unit < units; unit++) {
    for (let s: usize = 0; s < end; s += 64) activateFour(z + s, a + s)
    z += ROW
    a += ROW
  }
}

/** rho' of a unit from its rho, or as `activateOne` left it in `z`. */
// @ts-ignore: decorator
@inline
function slope(a: usize, z: usize): v128 {
  const one = f64x2.splat(1)
  if (ACTIVATION == TANH) {
    const value = v128.load(a)
    return f64x2.sub(one, f64x2.mul(value, value))
  }
  if (ACTIVATION == SIGMOID) {
    const value = v128.load(a)
    return f64x2.mul(value, f64x2.sub(one, value))
  }
  if (ACTIVATION == RELU) return v128.and(one, f64x2.gt(v128.load(a), f64x2.splat(0)))
  if (ACTIVATION == LEAKY_RELU) return v128.bitselect(one, f64x2.splat(0.01), f64x2.gt(v128.load(a), f64x2.splat(0)))
  if (ACTIVATION == SOFTPLUS || ACTIVATION == SIN) return v128.load(z)
  return one
}

// @ts-ignore: decorator
@inline
export function deltaOne(sum: v128, a: usize, z: usize): void {
  v128.store(z, f64x2.mul(sum, slope(a, z)))
}

/** z_j = (sum_i w_ij delta_i) rho'_j: errors of the outputs of a layer back to its inputs. */
export function back(weights: usize, delta: usize, a: usize, z: usize, inputs: i32, outputs: i32, samples: i32): void {
  const end = blocks(samples)
  const line = <usize>inputs << 4
  const last = weights + line * <usize>outputs
  let j = 0
  for (; j + 2 <= inputs; j += 2) {
    for (let s: usize = 0; s < end; s += 64) {
      let a0 = f64x2.splat(NOTHING)
      let a1 = a0
      let a2 = a0
      let a3 = a0
      let b0 = a0
      let b1 = a0
      let b2 = a0
      let b3 = a0
      let d = delta + s
      for (let w = weights + (<usize>j << 4); w < last; w += line) {
        const v = v128.load(w, 0)
        const u = v128.load(w, 16)
        const d0 = v128.load(d, 0)
        const d1 = v128.load(d, 16)
        const d2 = v128.load(d, 32)
        const d3 = v128.load(d, 48)
        a0 = f64x2.add(a0, f64x2.mul(v, d0))
        a1 = f64x2.add(a1, f64x2.mul(v, d1))
        a2 = f64x2.add(a2, f64x2.mul(v, d2))
        a3 = f64x2.add(a3, f64x2.mul(v, d3))
        b0 = f64x2.add(b0, f64x2.mul(u, d0))
        b1 = f64x2.add(b1, f64x2.mul(u, d1))
        b2 = f64x2.add(b2, f64x2.mul(u, d2))
        b3 = f64x2.add(b3, f64x2.mul(u, d3))
        d += ROW
      }
      deltaOne(a0, a + s, z + s)
      deltaOne(a1, a + s + 16, z + s + 16)
      deltaOne(a2, a + s + 32, z + s + 32)
      deltaOne(a3, a + s + 48, z + s + 48)
      deltaOne(b0, a + s + ROW, z + s + ROW)
      deltaOne(b1, a + s + ROW + 16, z + s + ROW + 16)
      deltaOne(b2, a + s + ROW + 32, z + s + ROW + 32)
      deltaOne(b3, a + s + ROW + 48, z + s + ROW + 48)
    }
    a += 2 * ROW
    z += 2 * ROW
  }
  if (j == inputs) return
  for (let s: usize = 0; s < end; s += 64) {
    let a0 = f64x2.splat(NOTHING)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let d = delta + s
    for (let w = weights + (<usize>j << 4); w < last; w += line) {
      const v = v128.load(w)
      a0 = f64x2.add(a0, f64x2.mul(v, v128.load(d, 0)))
      a1 = f64x2.add(a1, f64x2.mul(v, v128.load(d, 16)))
      a2 = f64x2.add(a2, f64x2.mul(v, v128.load(d, 32)))
      a3 = f64x2.add(a3, f64x2.mul(v, v128.load(d, 48)))
      d += ROW
    }
    deltaOne(a0, a + s, z + s)
    deltaOne(a1, a + s + 16, z + s + 16)
    deltaOne(a2, a + s + 32, z + s + 32)
    deltaOne(a3, a + s + 48, z + s + 48)
  }
}

// @ts-ignore: decorator
@inline
function plus(total: v128, d: v128, x: v128): v128 {
  return f64x2.add(total, f64x2.mul(d, x))
}

/** Adds the products delta_i a_j of the samples to the sums of two units (one: `pair` false), two by four weights at a time. */
// @ts-ignore: decorator
@inline
function sumUnits(sums: usize, delta: usize, from: usize, inputs: i32, end: usize, pair: bool): void {
  const line = <usize>inputs << 4
  let j = 0
  for (; j + 4 <= inputs; j += 4) {
    const other = sums + line
    let a0 = v128.load(sums, 0)
    let a1 = v128.load(sums, 16)
    let a2 = v128.load(sums, 32)
    let a3 = v128.load(sums, 48)
    let b0 = pair ? v128.load(other, 0) : a0
    let b1 = pair ? v128.load(other, 16) : a0
    let b2 = pair ? v128.load(other, 32) : a0
    let b3 = pair ? v128.load(other, 48) : a0
    for (let s: usize = 0; s < end; s += 16) {
      const d = v128.load(delta + s)
      const x0 = v128.load(from + s)
      const x1 = v128.load(from + s, ROW)
      const x2 = v128.load(from + s, 2 * ROW)
      const x3 = v128.load(from + s, 3 * ROW)
      a0 = plus(a0, d, x0)
      a1 = plus(a1, d, x1)
      a2 = plus(a2, d, x2)
      a3 = plus(a3, d, x3)
      if (pair) {
        const e = v128.load(delta + s, ROW)
        b0 = plus(b0, e, x0)
        b1 = plus(b1, e, x1)
        b2 = plus(b2, e, x2)
        b3 = plus(b3, e, x3)
      }
    }
    v128.store(sums, a0, 0)
    v128.store(sums, a1, 16)
    v128.store(sums, a2, 32)
    v128.store(sums, a3, 48)
    if (pair) {
      v128.store(other, b0, 0)
      v128.store(other, b1, 16)
      v128.store(other, b2, 32)
      v128.store(other, b3, 48)
    }
    sums += 64
    from += 4 * ROW
  }
  for (; j < inputs; j++) {
    let a = v128.load(sums)
    let b = pair ? v128.load(sums + line) : a
    for (let s: usize = 0; s < end; s += 16) {
      const x = v128.load(from + s)
      a = plus(a, v128.load(delta + s), x)
      if (pair) b = plus(b, v128.load(delta + s, ROW), x)
    }
    v128.store(sums, a)
    if (pair) v128.store(sums + line, b)
    sums += 16
    from += ROW
  }
}

/** Adds the samples to the sums of the weights and biases of a layer. */
export function sumLayer(sums: usize, delta: usize, from: usize, inputs: i32, outputs: i32, biases: bool, samples: i32): void {
  const end = <usize>samples << 4
  const line = <usize>inputs << 4
  let at = delta
  let i = 0
  for (; i + 2 <= outputs; i += 2) {
    sumUnits(sums, at, from, inputs, end, true)
    sums += 2 * line
    at += 2 * ROW
  }
  if (i < outputs) {
    sumUnits(sums, at, from, inputs, end, false)
    sums += line
  }
  if (!biases) return
  for (i = 0; i + 4 <= outputs; i += 4) {
    let a0 = v128.load(sums, 0)
    let a1 = v128.load(sums, 16)
    let a2 = v128.load(sums, 32)
    let a3 = v128.load(sums, 48)
    for (let s: usize = 0; s < end; s += 16) {
      a0 = f64x2.add(a0, v128.load(delta + s))
      a1 = f64x2.add(a1, v128.load(delta + s, ROW))
      a2 = f64x2.add(a2, v128.load(delta + s, 2 * ROW))
      a3 = f64x2.add(a3, v128.load(delta + s, 3 * ROW))
    }
    v128.store(sums, a0, 0)
    v128.store(sums, a1, 16)
    v128.store(sums, a2, 32)
    v128.store(sums, a3, 48)
    sums += 64
    delta += 4 * ROW
  }
  for (; i < outputs; i++) {
    let a = v128.load(sums)
    for (let s: usize = 0; s < end; s += 16) a = f64x2.add(a, v128.load(delta + s))
    v128.store(sums, a)
    sums += 16
    delta += ROW
  }
}

/** Softmax of one sample: z becomes z - max, the row of exponentials goes to `to`, and their sum is returned. */
function exponentials(z: usize, to: usize, outputs: i32): v128 {
  const end = z + ROW * <usize>outputs
  let most = v128.load(z)
  for (let at = z + ROW; at < end; at += ROW) most = f64x2.pmax(most, v128.load(at))
  let sum = f64x2.splat(NOTHING)
  for (let at = z; at < end; at += ROW) {
    const shifted = f64x2.sub(v128.load(at), most)
    const e = elementary.exp_v(shifted)
    v128.store(at, shifted)
    v128.store(to, e)
    sum = f64x2.add(sum, e)
    to += ROW
  }
  return sum
}

/** Loss of each sample added to the total; `spare` has room for the outputs. */
export function sumLosses(total: v128, z: usize, targets: usize, spare: usize, outputs: i32, samples: i32): v128 {
  const rows = ROW * <usize>outputs
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    let loss = f64x2.splat(NOTHING)
    let normal = f64x2.splat(0)
    if (OUTPUT == SOFTMAX_OUTPUT) normal = exponentials(z + s, spare + s, outputs)
    if (CROSS_ENTROPY && OUTPUT == SOFTMAX_OUTPUT) normal = elementary.log_v(normal)
    for (let at = s; at < s + rows; at += ROW) {
      const t = v128.load(targets + at)
      const value = v128.load(z + at)
      if (CROSS_ENTROPY) {
        if (OUTPUT == SOFTMAX_OUTPUT) loss = plus(loss, t, f64x2.sub(normal, value))
        else {
          const rest = f64x2.sub(elementary.relu_v(value), f64x2.mul(t, value))
          loss = f64x2.add(loss, f64x2.add(rest, elementary.softplus_v(f64x2.neg(f64x2.abs(value)))))
        }
      } else {
        let f = value
        if (OUTPUT == SIGMOID_OUTPUT) f = elementary.sigmoid_v(value)
        if (OUTPUT == SOFTMAX_OUTPUT) f = f64x2.div(v128.load(spare + at), normal)
        const difference = f64x2.sub(f, t)
        loss = plus(loss, difference, difference)
      }
    }
    total = f64x2.add(total, loss)
  }
  return total
}

/** The output z of a unit becomes its error, where that takes no other output. */
// @ts-ignore: decorator
@inline
export function errorOne(z: usize, target: usize): void {
  const t = v128.load(target)
  const value = v128.load(z)
  if (OUTPUT == SIGMOID_OUTPUT) {
    const f = elementary.sigmoid_v(value)
    const difference = f64x2.sub(f, t)
    if (CROSS_ENTROPY) v128.store(z, difference)
    else v128.store(z, f64x2.mul(difference, f64x2.mul(f, f64x2.sub(f64x2.splat(1), f))))
  } else v128.store(z, f64x2.sub(value, t))
}

/** Outputs z become the errors delta: the loss of the sample differentiated by z, but for a factor of all samples. */
export function errors(z: usize, targets: usize, spare: usize, outputs: i32, samples: i32): void {
  const rows = ROW * <usize>outputs
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    if (OUTPUT != SOFTMAX_OUTPUT) {
      for (let at = s; at < s + rows; at += ROW) errorOne(z + at, targets + at)
    } else {
      const normal = exponentials(z + s, spare + s, outputs)
      // Cross-entropy: the sum of the targets; else the sum of (F - t) F.
      let sum = f64x2.splat(NOTHING)
      for (let at = s; at < s + rows; at += ROW) {
        const t = v128.load(targets + at)
        const f = f64x2.div(v128.load(spare + at), normal)
        v128.store(spare + at, f)
        sum = CROSS_ENTROPY ? f64x2.add(sum, t) : plus(sum, f64x2.sub(f, t), f)
      }
      for (let at = s; at < s + rows; at += ROW) {
        const t = v128.load(targets + at)
        const f = v128.load(spare + at)
        if (CROSS_ENTROPY) v128.store(z + at, f64x2.sub(f64x2.mul(sum, f), t))
        else v128.store(z + at, f64x2.mul(f, f64x2.sub(f64x2.sub(f, t), sum)))
      }
    }
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

/** Squares of so many coordinates added to the total. */
export function sumSquares(total: v128, theta: usize, count: i32): v128 {
  for (let at = theta, end = theta + (<usize>count << 4); at < end; at += 16) {
    const x = v128.load(at)
    total = plus(total, x, x)
  }
  return total
}
