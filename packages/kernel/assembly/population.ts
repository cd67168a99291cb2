// Two-layer student and teacher of ReLU units over Gaussian inputs in closed form, both lanes at once.

import { dot } from './coordinates'
import { acos_v } from './elementary'

const PI: f64 = 3.141592653589793
const TWO_PI: f64 = 6.283185307179586

/** The cosine of the angle, from a product and the product of the lengths; a right angle if one of them is 0. */
// @ts-ignore: decorator
@inline
function cosine(product: v128, lengths: v128): v128 {
  const quotient = v128.andnot(f64x2.div(product, lengths), f64x2.eq(lengths, f64x2.splat(0)))
  return f64x2.pmax(f64x2.pmin(quotient, f64x2.splat(1)), f64x2.splat(-1))
}

// @ts-ignore: decorator
@inline
function sine(c: v128): v128 {
  const one = f64x2.splat(1)
  return f64x2.sqrt(f64x2.mul(f64x2.sub(one, c), f64x2.add(one, c)))
}

// @ts-ignore: decorator
@inline
function supplement(c: v128): v128 {
  return f64x2.sub(f64x2.splat(PI), acos_v(c))
}

function measure(theta: usize): void {
  for (let i: usize = 0; i < NEURONS; i++) {
    const w = theta + i * LINE
    v128.store(NORMS + (i << 4), f64x2.sqrt(dot(w, w, LINE)))
  }
}

/** sin t + (pi - t) cos t. */
// @ts-ignore: decorator
@inline
function overlap(c: v128): v128 {
  return f64x2.add(sine(c), f64x2.mul(supplement(c), c))
}

export function populationLoss(theta: usize): v128 {
  measure(theta)
  let students = f64x2.splat(-0.0)
  let mixed = f64x2.splat(-0.0)
  for (let i: usize = 0; i < NEURONS; i++) {
    const w = theta + i * LINE
    const norm = v128.load(NORMS + (i << 4))
    for (let j: usize = 0; j < i; j++) {
      const lengths = f64x2.mul(norm, v128.load(NORMS + (j << 4)))
      students = f64x2.add(students, f64x2.mul(lengths, overlap(cosine(dot(w, theta + j * LINE, LINE), lengths))))
    }
    students = f64x2.add(students, f64x2.mul(f64x2.splat(PI / 2), f64x2.mul(norm, norm)))
    for (let j: usize = 0; j < TEACHERS; j++) {
      mixed = f64x2.add(mixed, f64x2.mul(norm, overlap(cosine(v128.load(w + (j << 4)), norm))))
    }
  }
  const m = <f64>TEACHERS
  const teachers = f64x2.splat((PI / 2) * m + (m * (m - 1)) / 2)
  const loss = f64x2.div(f64x2.add(f64x2.sub(students, mixed), teachers), f64x2.splat(TWO_PI))
  return f64x2.pmax(loss, f64x2.splat(0))
}

/** One of a pair of neurons pulls at the other. */
// @ts-ignore: decorator
@inline
function pull(gradient: usize, along: usize, w: usize, norm: v128, sin: v128, angle: v128): void {
  v128.store(along, f64x2.add(v128.load(along), f64x2.mul(norm, sin)))
  for (let at: usize = 0; at < LINE; at += 16) {
    v128.store(gradient + at, f64x2.add(v128.load(gradient + at), f64x2.mul(angle, v128.load(w + at))))
  }
}

export function populationGradient(theta: usize, gradient: usize): void {
  measure(theta)
  for (let i: usize = 0; i < NEURONS; i++) {
    v128.store(ALONG + (i << 4), f64x2.splat(-0.0))
    for (let at = gradient + i * LINE, end = at + LINE; at < end; at += 16) v128.store(at, f64x2.splat(-0.0))
  }
  // Each neuron meets the others in ascending order: those before it here, then itself, those after it in their turn.
  for (let i: usize = 0; i < NEURONS; i++) {
    const w = theta + i * LINE
    const norm = v128.load(NORMS + (i << 4))
    for (let j: usize = 0; j < i; j++) {
      const other = theta + j * LINE
      const otherNorm = v128.load(NORMS + (j << 4))
      const c = cosine(dot(w, other, LINE), f64x2.mul(norm, otherNorm))
      const sin = sine(c)
      const angle = supplement(c)
      pull(gradient + i * LINE, ALONG + (i << 4), other, otherNorm, sin, angle)
      pull(gradient + j * LINE, ALONG + (j << 4), w, norm, sin, angle)
    }
    pull(gradient + i * LINE, ALONG + (i << 4), w, norm, f64x2.splat(0), f64x2.splat(PI))
  }
  for (let i: usize = 0; i < NEURONS; i++) {
    const w = theta + i * LINE
    const g = gradient + i * LINE
    const norm = v128.load(NORMS + (i << 4))
    let along = v128.load(ALONG + (i << 4))
    for (let j: usize = 0; j < TEACHERS; j++) {
      const at = g + (j << 4)
      const c = cosine(v128.load(w + (j << 4)), norm)
      along = f64x2.sub(along, sine(c))
      v128.store(at, f64x2.sub(v128.load(at), supplement(c)))
    }
    const factor = v128.andnot(f64x2.div(along, norm), f64x2.eq(norm, f64x2.splat(0)))
    for (let at: usize = 0; at < LINE; at += 16) {
      const sum = f64x2.add(v128.load(g + at), f64x2.mul(factor, v128.load(w + at)))
      v128.store(g + at, f64x2.div(sum, f64x2.splat(TWO_PI)))
    }
  }
}
