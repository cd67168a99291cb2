import { elementary } from '@driftfarm/formula'
import { logOnePlus } from '@driftfarm/statistics'
import { goldenSection } from '../goldenSection.ts'
import type { Explicit } from '../shapes/index.ts'
import type { Mesh } from './axis.ts'
import { type lineStep, topOf } from './step.ts'

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
export function extrapolated({ values, next, top }: Pair, at: number, steps: number) {
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

export interface ExplicitQuestion {
  readonly step: ReturnType<typeof lineStep>
  readonly mesh: Mesh
  /**
   * If the start is fixed, returns a bound on the mean of W after the first step. If the start is random, returns a
   * bound on the mean of W at the start. `values` are the values of W at the nodes.
   */
  readonly first: (values: Float64Array) => number
  readonly energy: (x: number) => number
  readonly temperature: number
  /** The number of remaining steps: all steps of a trial, or all but the first if `first` includes that step. */
  readonly ahead: number
}

const betaTGrid = Array.from({ length: 14 }, (_, k) => 0.1 * (k + 1))
const rounds = 17

/** The level c is the least L_eff at the edge of the escape set, so that W is 1 on exit. */
export function explicitBound({ step, mesh, first, energy, temperature, ahead }: ExplicitQuestion): Explicit | null {
  const energies = Float64Array.from(mesh.nodes, energy)
  const edges = mesh.pieces.flatMap(({ first: from, count }, p) => [
    ...(mesh.gaps[p] === 1 ? [energies[from]!] : []),
    ...(mesh.gaps[p + 1] === 1 ? [energies[from + count - 1]!] : []),
  ])
  const level = Math.min(...edges)
  if (!Number.isFinite(level)) return null
  const at = (betaT: number): Explicit => {
    const beta = betaT / temperature
    const values = energies.map((one) => (Number.isNaN(one) ? 1 : Math.min(1, elementary.exp(beta * (one - level)))))
    const found = extrapolated({ values, next: step(values), top: topOf(values) }, first(values), ahead)
    return { beta, betaT, level, growth: found.growth, escape: Math.min(1, found.escape) }
  }
  const tried = betaTGrid.map(at)
  const best = tried.reduce((one, other) => (other.escape < one.escape ? other : one))
  if (best.escape >= 1) return null
  const around = [Math.max(0.01, best.betaT - 0.1), best.betaT + 0.1] as const
  const found = at(goldenSection((betaT) => at(betaT).escape, around, rounds).at)
  return found.escape < best.escape ? found : best
}
