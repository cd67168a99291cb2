// Lowers a point across a straight way: `scalar/relaxation.ts` says how, operation by operation.

import { gradientOf, lossOf } from './landscape'
import { copyPoint, dot, POINT, squaredDistance } from './points'

const MEMORY: i32 = 5
const MOST_STEPS_OF_POINT: i32 = 256
const LONGEST_STEP: f64 = 0.25
const MOST_HALVINGS: i32 = 24
const LEAST_GAIN: f64 = 1e-4

/** The pairs that are kept are `known` places from `oldest` on, in a ring. */
let oldest: i32 = 0
let known: i32 = 0

function stepAt(k: i32): usize {
  return BASIN_PAIRS + <usize>((oldest + k) % MEMORY) * (2 * POINT)
}

function changeAt(k: i32): usize {
  return stepAt(k) + POINT
}

/** Place of 1/(s.y) of a pair; that of its share while a step is aimed lies 8 bytes on. */
function inverseAt(k: i32): usize {
  return BASIN_SCALARS + (<usize>((oldest + k) % MEMORY) << 4)
}

/** Lowers BASIN_POINT; the steps of all points so far, or -1 where it stays above the top. */
export function relax(right: usize, top: f64, goal: f64, square: f64, from: f64, taken: i32): i32 {
  const length = squaredDistance(right, BASIN_LEFT)
  known = 0
  let loss = from
  let steps = taken
  const most = <i32>load<f64>(EFFORT)
  slopeAt(BASIN_POINT, BASIN_SLOPE, right, length)
  for (let step = 0; step < MOST_STEPS_OF_POINT && steps < most; step++) {
    steps++
    const steepness = dot(BASIN_SLOPE, BASIN_SLOPE)
    const missing = loss - goal
    if (!(missing * missing <= 16 * steepness * square)) break
    aim(missing / steepness)
    const gain = dot(BASIN_DIRECTION, BASIN_SLOPE)
    if (!(gain > 0 && tryStep(loss, gain, length))) {
      if (known == 0) break
      known = 0
      continue
    }
    if (lower <= goal) {
      memory.copy(BASIN_POINT, BASIN_NEXT, POINT)
      return steps
    }
    slopeAt(BASIN_NEXT, BASIN_NEXT_SLOPE, right, length)
    learn()
    memory.copy(BASIN_POINT, BASIN_NEXT, POINT)
    memory.copy(BASIN_SLOPE, BASIN_NEXT_SLOPE, POINT)
    loss = lower
  }
  return loss <= top ? steps : -1
}

/** The gradient without its part along the way. */
function slopeAt(point: usize, into: usize, right: usize, length: f64): void {
  for (let i: usize = 0; i < DIMENSION; i++) {
    v128.store(BASIN_PAIR + (i << 4), f64x2.splat(load<f64>(point + (i << 3))))
  }
  gradientOf(BASIN_PAIR, BASIN_GRADIENT)
  let along = -0.0
  for (let i: usize = 0; i < DIMENSION; i++) {
    const difference = load<f64>(right + (i << 3)) - load<f64>(BASIN_LEFT + (i << 3))
    along += load<f64>(BASIN_GRADIENT + (i << 4)) * difference
  }
  const share = along / length
  for (let i: usize = 0; i < DIMENSION; i++) {
    const difference = load<f64>(right + (i << 3)) - load<f64>(BASIN_LEFT + (i << 3))
    store<f64>(into + (i << 3), load<f64>(BASIN_GRADIENT + (i << 4)) - share * difference)
  }
}

/** Into BASIN_DIRECTION, minus the step that slope and curvature suggest. */
function aim(size: f64): void {
  memory.copy(BASIN_DIRECTION, BASIN_SLOPE, POINT)
  for (let k = known - 1; k >= 0; k--) {
    const share = load<f64>(inverseAt(k)) * dot(stepAt(k), BASIN_DIRECTION)
    store<f64>(inverseAt(k), share, 8)
    const y = changeAt(k)
    for (let i: usize = 0; i < POINT; i += 8) {
      store<f64>(BASIN_DIRECTION + i, load<f64>(BASIN_DIRECTION + i) - share * load<f64>(y + i))
    }
  }
  let scale = size
  if (known > 0) {
    const y = changeAt(known - 1)
    scale = 1 / (load<f64>(inverseAt(known - 1)) * dot(y, y))
  }
  for (let i: usize = 0; i < POINT; i += 8) store<f64>(BASIN_DIRECTION + i, load<f64>(BASIN_DIRECTION + i) * scale)
  for (let k = 0; k < known; k++) {
    const share = load<f64>(inverseAt(k), 8) - load<f64>(inverseAt(k)) * dot(changeAt(k), BASIN_DIRECTION)
    const s = stepAt(k)
    for (let i: usize = 0; i < POINT; i += 8) {
      store<f64>(BASIN_DIRECTION + i, load<f64>(BASIN_DIRECTION + i) + share * load<f64>(s + i))
    }
  }
}

/** Loss at BASIN_NEXT. */
let lower: f64 = 0

/**
 * Into BASIN_NEXT, the first of shorter and shorter steps that gains enough; false: none does. Two are tried at once.
 */
function tryStep(loss: f64, gain: f64, length: f64): bool {
  const square = dot(BASIN_DIRECTION, BASIN_DIRECTION)
  const longest = LONGEST_STEP * LONGEST_STEP * length
  let size = square > longest ? sqrt(longest / square) : 1.0
  for (let halvings = 0; halvings < MOST_HALVINGS; halvings += 2) {
    const half = size / 2
    for (let i: usize = 0; i < DIMENSION; i++) {
      const from = load<f64>(BASIN_POINT + (i << 3))
      const step = load<f64>(BASIN_DIRECTION + (i << 3))
      store<f64>(BASIN_PAIR + (i << 4), from - size * step, 0)
      store<f64>(BASIN_PAIR + (i << 4), from - half * step, 8)
    }
    const losses = lossOf(BASIN_PAIR)
    const first = f64x2.extract_lane(losses, 0)
    const second = f64x2.extract_lane(losses, 1)
    const isFirst = first <= loss - LEAST_GAIN * size * gain
    if (isFirst || second <= loss - LEAST_GAIN * half * gain) {
      lower = isFirst ? first : second
      copyPoint(BASIN_NEXT, 8, BASIN_PAIR + (isFirst ? 0 : 8), 16)
      return true
    }
    size = half / 2
  }
  return false
}

/** Keeps what the step from BASIN_POINT to BASIN_NEXT says of the curvature, where it is positive. */
function learn(): void {
  let curvature = -0.0
  for (let i: usize = 0; i < POINT; i += 8) {
    const s = load<f64>(BASIN_NEXT + i) - load<f64>(BASIN_POINT + i)
    const y = load<f64>(BASIN_NEXT_SLOPE + i) - load<f64>(BASIN_SLOPE + i)
    curvature += s * y
  }
  if (!(curvature > 0)) return
  if (known == MEMORY) oldest = (oldest + 1) % MEMORY
  else known++
  const at = stepAt(known - 1)
  for (let i: usize = 0; i < POINT; i += 8) {
    store<f64>(at + i, load<f64>(BASIN_NEXT + i) - load<f64>(BASIN_POINT + i))
    store<f64>(at + POINT + i, load<f64>(BASIN_NEXT_SLOPE + i) - load<f64>(BASIN_SLOPE + i))
  }
  store<f64>(inverseAt(known - 1), 1 / curvature)
}
