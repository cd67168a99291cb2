import { elementary, nullIf } from '@driftfarm/formula'
import type { BallStart, Contraction } from '../ball/contraction.ts'
import { type Decay, foreverBound, Path } from '../ball/forever.ts'
import { Refusal } from '../refusal.ts'
import { remembered } from '../remembered.ts'
import type { Forever } from '../shapes/index.ts'

const hoeffdingConfidence = 0.95
const relativeAccuracy = 2 ** -40
/** The search in `half` usually takes about 12 rounds. Even plain bisection would need only 40. */
const maxRounds = 80
/**
 * Measured distances are rounded up to multiples of the radius divided by this number of levels. The bound decreases in
 * the distance D, so the bound at the rounded distance is still a lower bound.
 */
const maxLevels = 256
const minLevels = 8
/**
 * If the estimated time for the bounds of all levels together exceeds this number of microseconds, fewer levels are
 * used.
 */
const maxWork = 1e6

/**
 * Returns two lower bounds on the probability that a trial stays in the ball forever and converges to theta*. Each is
 * an infinite product over steps. The first is over all steps. The second, s_inf(D_N), is over the steps after the
 * horizon N, for trials at the distance D_N at the horizon. The second gives P(theta_n -> theta*) >= E [1{D_N < r}
 * s_inf(D_N)].
 */
export function foreverAnswer(
  contraction: Contraction,
  decay: Decay,
  { radius, start, steps }: BallStart,
  distances: readonly number[] = [],
): Forever {
  const whole = foreverBound(new Path(contraction, radius, 0), decay, start)
  const path = new Path(contraction, radius, steps)
  // 0 is always a valid bound.
  const from = (distance: number) => nullIf(Refusal, () => foreverBound(path, decay, distance))?.stay ?? 0
  const atZero = from(0)
  return {
    ...whole,
    restart: {
      atZero,
      half: atZero > 0.5 ? half(from, atZero, radius) : null,
      measured: measuredMean(path, from, distances, start),
    },
  }
}

/**
 * Returns the distance at which the bound is 1/2, rounded up. If the search does not converge, returns a distance at
 * which the bound is still above 1/2. The search is the Illinois method (Dowell and Jarratt, 1971).
 */
function half(from: (distance: number) => number, atZero: number, radius: number): number {
  let [low, high] = [0, radius]
  let [above, below] = [atZero - 0.5, -0.5]
  let moved = 0
  for (let k = 0; k < maxRounds && high - low > relativeAccuracy * radius; k++) {
    const secant = low + ((high - low) * above) / (above - below)
    // The new point is kept away from both ends by half the requested accuracy, so that both ends approach the root.
    const nudge = 0.5 * relativeAccuracy * radius
    const between = Math.min(Math.max(secant, low + nudge), high - nudge)
    const value = from(between) - 0.5
    if (value > 0) {
      ;[low, above] = [between, value]
      if (moved > 0) below /= 2
      moved = 1
    } else {
      ;[high, below] = [between, value]
      if (moved < 0) above /= 2
      moved = -1
    }
  }
  return high - low > relativeAccuracy * radius ? low : high
}

function measuredMean(path: Path, from: (distance: number) => number, distances: readonly number[], start: number) {
  const { radius } = path
  const rows = distances.length
  if (rows === 0) return null
  const before = path.work
  from(radius / 2)
  const each = path.work - before
  let levels = maxLevels
  while (levels > minLevels && levels * each > maxWork) levels /= 2
  const fromLevel = remembered((level: number) => from((level * radius) / levels))
  let sum = 0
  for (const distance of distances) {
    const level = Math.ceil(((distance + start) / radius) * levels)
    if (level < levels) sum += fromLevel(level)
  }
  const value = sum / rows
  const reach = Math.sqrt(elementary.log(2 / (1 - hoeffdingConfidence)) / (2 * rows))
  return { rows, value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) }
}
