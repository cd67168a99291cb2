import { elementary } from '@driftfarm/formula'
import { logOnePlus } from '@driftfarm/statistics'

/** A function V on nodes, a bound W of one step of the chain into it, and the largest value T of V. */
export interface Pair {
  readonly values: Float64Array
  readonly next: Float64Array
  readonly top: number
}

/** More than the rounding of a difference or a quotient of two doubles, relative. */
const rounding = 4e-16

/**
 * The least r, 0 <= r <= 1, with W <= V + r (T - V) at all nodes: what one step can add, as a share of what is left.
 * By Lemma 1 of docs/appendix/proofs.md, m further steps lead from V to at most (1 - r)^m V + (1 - (1 - r)^m) T.
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

/** (1 - r)^m, rounded down. */
function shareLeft(growth: number, steps: number): number {
  if (steps === 0) return 1
  if (growth >= 1) return 0
  return Math.max(0, elementary.exp(steps * logOnePlus(-growth)) * (1 - 1e-13) - 1e-300)
}

/**
 * Multiples of the largest value that are tried for T. Where V is nearly 1 there is little room up to 1, so that any
 * rounding there would count as growth.
 */
const rooms = [1, 1.001, 1.02, 1.2] as const

/** The least bound of the value `at` of V after further steps, and the growth that gave it. */
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

/** What m further steps make at most of the value `at` of V, without the cancellation of 1 - (1 - r)^m. */
function afterSteps(at: number, top: number, growth: number, steps: number): number {
  const gone = Math.min(1 - shareLeft(growth, steps), steps * growth * (1 + 1e-13))
  return (at + gone * Math.max(0, top - at)) * (1 + rounding)
}
