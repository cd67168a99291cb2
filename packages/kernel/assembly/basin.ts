// Whether two ends of descents lie in one basin: `scalar/basin.ts` says how, operation by operation. One lane at a
// time; where losses are asked for, the two lanes of the vector hold two points of the way.

import { copyPoint, POINT, squaredDistance } from './points'
import { relax } from './relax'
import { lossOf } from './landscape'

const PARTS: i32 = 64
const PARTS_BETWEEN: i32 = 16
const MOST_POINTS: i32 = 16

/** Losses of a point each, from doubles side by side. */
function lossesOf(first: usize, second: usize): v128 {
  copyPoint(BASIN_PAIR, 16, first, 8)
  copyPoint(BASIN_PAIR + 8, 16, second, 8)
  return lossOf(BASIN_PAIR)
}

/**
 * Compares the ends at BASIN_LEFT and at BASIN_WAITING, of descents that stopped at |grad L| <= tolerance; both are
 * lost.
 */
export function isOneBasin(tolerance: f64): bool {
  const losses = lossesOf(BASIN_LEFT, BASIN_WAITING)
  const lossOfA = f64x2.extract_lane(losses, 0)
  const lossOfB = f64x2.extract_lane(losses, 1)
  const square = squaredDistance(BASIN_WAITING, BASIN_LEFT)
  const size = max(abs(lossOfA), abs(lossOfB))
  const slack = tolerance * sqrt(square) + load<f64>(ROUNDING) * (1 + size)
  const higher = max(lossOfA, lossOfB)
  if (!(slack < Infinity && abs(lossOfA - lossOfB) <= slack)) return false
  return square == 0 || isLow(higher + slack, higher + slack / 2, square)
}

/** Whether a way from BASIN_LEFT to BASIN_WAITING is found on which no loss is above the top. */
function isLow(top: f64, goal: f64, square: f64): bool {
  let waiting: i32 = 1
  let steps: i32 = 0
  const most = load<f64>(EFFORT) / 8
  for (let ways: f64 = 0; ways < most; ways += 1) {
    const right = BASIN_WAITING + <usize>(waiting - 1) * POINT
    if (!rises(right, waiting == 1 ? PARTS : PARTS_BETWEEN, top)) {
      memory.copy(BASIN_LEFT, right, POINT)
      if (--waiting == 0) return true
      continue
    }
    if (waiting == MOST_POINTS) return false
    steps = relax(right, top, goal, square, riseLoss, steps)
    if (steps < 0) return false
    memory.copy(BASIN_WAITING + <usize>waiting * POINT, BASIN_POINT, POINT)
    waiting++
  }
  return false
}

/** Loss at the point that `rises` found. */
let riseLoss: f64 = 0

/**
 * Whether a loss on the straight way from BASIN_LEFT is not below the top; the first such point goes to BASIN_POINT.
 */
function rises(right: usize, count: i32, top: f64): bool {
  for (let part = 1; part < count; part += 2) {
    const share = <f64>part / <f64>count
    const next = <f64>(part + 1) / <f64>count
    for (let i: usize = 0; i < DIMENSION; i++) {
      const from = load<f64>(BASIN_LEFT + (i << 3))
      const difference = load<f64>(right + (i << 3)) - from
      store<f64>(BASIN_PAIR + (i << 4), from + share * difference, 0)
      store<f64>(BASIN_PAIR + (i << 4), from + next * difference, 8)
    }
    const losses = lossOf(BASIN_PAIR)
    // The last point of an odd number is `right` itself, which is no inner one.
    for (let lane = 0; lane < 2 && part + lane < count; lane++) {
      riseLoss = lane == 0 ? f64x2.extract_lane(losses, 0) : f64x2.extract_lane(losses, 1)
      if (riseLoss <= top) continue
      copyPoint(BASIN_POINT, 8, BASIN_PAIR + (lane << 3), 16)
      return true
    }
  }
  return false
}
