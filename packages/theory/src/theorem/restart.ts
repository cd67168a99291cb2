import { elementary } from '@driftfarm/formula'
import type { NotApplicable } from '../chain.ts'
import type { Forever } from './answer.ts'
import type { Decay } from './decay.ts'
import { foreverBound, Path } from './forever.ts'
import type { BallStart, Contraction } from './steps.ts'

/** The confidence of Hoeffding's interval. */
const confidence = 0.95
/** The half distance is found to this share of the radius. */
const sharp = 2 ** -40
/** Evaluations of the search for it, which takes a dozen; with as many halvings it would still be found. */
const maxRounds = 80
/**
 * Measured distances are rounded up to one of so many levels of the radius; since the bound decreases in D, it remains
 * a bound.
 */
const finest = 256
/** Where a level costs so much that these are too many, there are half as many, and so on down to the coarsest grid. */
const coarsest = 8
/** What the levels may cost together, in microseconds. */
const maxWork = 1e6

/**
 * The infinite product from the start, and from D_N at the horizon on: P(theta_n -> theta*) >= E [1{D_N < r}
 * s_inf(D_N)].
 */
export function foreverAnswer(
  contraction: Contraction,
  decay: Decay,
  { radius, start, steps }: BallStart,
  distances: readonly number[] = [],
): Forever | NotApplicable {
  const whole = foreverBound(new Path(contraction, radius, 0), decay, start)
  if ('reason' in whole) return whole
  const path = new Path(contraction, radius, steps)
  const from = (distance: number) => {
    const found = foreverBound(path, decay, distance)
    // 0 is a bound too.
    return 'reason' in found ? 0 : found.stay
  }
  const atZero = from(0)
  return {
    ...whole,
    restart: {
      atZero,
      half: atZero > 0.5 ? half(from, atZero, radius) : null,
      measured: measuredMean(
        path,
        from,
        distances.map((distance) => distance + start),
      ),
    },
  }
}

/**
 * The distance at which the bound, which decreases in D, is 1/2, from above, or one below it where the bound jumps: by
 * the secant of the bracket, whose end that stays weighs half as much each time (the Illinois method of Dowell and
 * Jarratt, 1971).
 */
function half(from: (distance: number) => number, atZero: number, radius: number): number {
  let [low, high] = [0, radius]
  let [above, below] = [atZero - 0.5, -0.5]
  let moved = 0
  for (let k = 0; k < maxRounds && high - low > sharp * radius; k++) {
    const secant = low + ((high - low) * above) / (above - below)
    // Not nearer to an end than half of what is requested, so that both ends come to the root.
    const nudge = 0.5 * sharp * radius
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
  return high - low > sharp * radius ? low : high
}

function measuredMean(
  path: Path,
  from: (distance: number) => number,
  distances: readonly number[],
): Forever['restart']['measured'] {
  const { radius } = path
  const rows = distances.length
  if (rows === 0) return null
  const before = path.work
  from(radius / 2)
  const each = path.work - before
  let levels = finest
  while (levels > coarsest && levels * each > maxWork) levels /= 2
  const known = new Map<number, number>()
  let sum = 0
  for (const distance of distances) {
    const level = Math.ceil((distance / radius) * levels)
    if (!(level < levels)) continue
    const value = known.get(level) ?? from((level * radius) / levels)
    known.set(level, value)
    sum += value
  }
  const value = sum / rows
  const reach = Math.sqrt(elementary.log(2 / (1 - confidence)) / (2 * rows))
  return { rows, value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) }
}
