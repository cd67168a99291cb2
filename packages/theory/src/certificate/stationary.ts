import { elementary } from '@driftfarm/formula'
import { logOnePlus } from '@driftfarm/statistics'

/** A function V on nodes, a bound W on its expectation after one step of the chain, and an upper bound T on V. */
export interface Pair {
  readonly values: Float64Array
  readonly next: Float64Array
  readonly top: number
}

/** An upper bound on the relative rounding error of a difference or a quotient of two doubles. */
const rounding = 4e-16

/**
 * Returns the smallest r, 0 <= r <= 1, with W <= V + r (T - V) at all nodes. By Lemma 1 of docs/appendix/proofs.md, m
 * further steps lead from V to at most (1 - r)^m V + (1 - (1 - r)^m) T.
 */
function growthOf({ values, next, top }: Pair): number {
  let growth = 0
  for (let j = 0; j < values.length; j++) {
    const more = (next[j]! - values[j]!) * (1 + rounding)
    if (!(more > 0)) continue
    const room = (top - values[j]!) * (1 - rounding)
    growth = Math.max(growth, room > 0 ? more / room : 1)
  }
  return Math.min(1, growth * (1 + rounding))
}

/** (1 - growth)^steps, rounded down. */
function shareLeft(growth: number, steps: number): number {
  if (steps === 0) return 1
  if (growth >= 1) return 0
  return Math.max(0, elementary.exp(steps * logOnePlus(-growth)) * (1 - 1e-13) - 1e-300)
}

/**
 * The values tried for T, as multiples of `top`. r is the largest (W - V) / (T - V) over the nodes. If T - V is small
 * at some node, a rounding error in W makes r large. A larger T then helps.
 */
const rooms = [1, 1.001, 1.02, 1.2] as const

/** Bounds E V from above after `steps` further steps, if E V is `at` now. */
export function extrapolated(
  { values, next, top }: Pair,
  at: number,
  steps: number,
): { readonly escape: number; readonly growth: number } {
  return rooms
    .map((room) => {
      const growth = growthOf({ values, next, top: top * room })
      return { escape: afterSteps(at, top * room, growth, steps), growth }
    })
    .reduce((best, one) => (one.escape < best.escape ? one : best))
}

function afterSteps(at: number, top: number, growth: number, steps: number): number {
  // 1 - (1 - r)^m loses digits if r is small; then m r is the better bound.
  const gone = Math.min(1 - shareLeft(growth, steps), steps * growth * (1 + 1e-13))
  return (at + gone * Math.max(0, top - at)) * (1 + rounding)
}
