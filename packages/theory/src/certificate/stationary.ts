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
 * Returns the smallest r, 0 <= r <= 1, with W <= V + r (T - V) at all nodes. One step adds at most r (T - V) to V. By
 * Lemma 1 of docs/appendix/proofs.md, m further steps lead from V to at most (1 - r)^m V + (1 - (1 - r)^m) T.
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

/** Returns (1 - r)^m, rounded down, for the growth r and m steps. */
function shareLeft(growth: number, steps: number): number {
  if (steps === 0) return 1
  if (growth >= 1) return 0
  return Math.max(0, elementary.exp(steps * logOnePlus(-growth)) * (1 - 1e-13) - 1e-300)
}

/**
 * The values tried for T, as multiples of the largest value of V. If T - V is small at some node, rounding errors look
 * like large growth there. A larger T avoids this.
 */
const rooms = [1, 1.001, 1.02, 1.2] as const

/**
 * Returns the smallest upper bound found on E V after `steps` further steps, and the growth r that gave this bound. The
 * present value of E V is `at`.
 */
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

/**
 * Returns the largest value to which m further steps can raise E V from its present value `at`, computed without the
 * cancellation in 1 - (1 - r)^m.
 */
function afterSteps(at: number, top: number, growth: number, steps: number): number {
  const gone = Math.min(1 - shareLeft(growth, steps), steps * growth * (1 + 1e-13))
  return (at + gone * Math.max(0, top - at)) * (1 + rounding)
}
