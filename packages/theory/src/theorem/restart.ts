import { elementary } from '@driftfarm/formula'
import type { Refusal } from '../chain.ts'
import type { Forever } from './answer.ts'
import type { Decay } from './decay.ts'
import { foreverBound } from './forever.ts'
import type { Contraction, Within } from './steps.ts'

/** The confidence of Hoeffding's interval. */
const confidence = 0.95
const halvings = 40
/**
 * Measured distances are rounded up to this many levels of the radius; since the bound decreases in D, it remains a
 * bound.
 */
const levels = 256

/**
 * The infinite product from the start, and from D_N at the horizon on: P(theta_n -> theta*) >= E [1{D_N < r}
 * s_inf(D_N)].
 */
export function foreverAnswer(
  contraction: Contraction,
  decay: Decay,
  { radius, start, steps }: Within,
  distances: readonly number[] = [],
): Forever | Refusal {
  const whole = foreverBound(contraction, decay, { radius, start, first: 0 })
  if ('reason' in whole) return whole
  const from = (distance: number) => {
    const found = foreverBound(contraction, decay, { radius, start: distance, first: steps })
    return 'reason' in found ? 0 : found.stay
  }
  const atZero = from(0)
  return {
    ...whole,
    restart: {
      atZero,
      half: atZero > 0.5 ? half(from, radius) : null,
      measured: measuredMean(
        from,
        radius,
        distances.map((distance) => distance + start),
      ),
    },
  }
}

/** The distance at which the bound, which decreases in D, is 1/2. */
function half(from: (distance: number) => number, radius: number): number {
  let [low, high] = [0, radius]
  for (let k = 0; k < halvings; k++) {
    const middle = (low + high) / 2
    if (from(middle) > 0.5) low = middle
    else high = middle
  }
  return high
}

function measuredMean(
  from: (distance: number) => number,
  radius: number,
  distances: readonly number[],
): Forever['restart']['measured'] {
  const rows = distances.length
  if (rows === 0) return null
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
