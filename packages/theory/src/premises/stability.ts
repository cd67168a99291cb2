import { type Cell, changeOfSteps, type Rule } from '@driftfarm/spec'
import type { StabilityPremise } from '@driftfarm/statistics'
import { growUntil } from '../bisect.ts'
import { spectralRadius } from '../linear/recursion.ts'
import { RecentCache } from '../recentCache.ts'
import type { Landmarks } from './landmarks.ts'
import { linearRule, recursionOf } from './linearRule.ts'
import { largestEta } from './stepNoise.ts'

/**
 * Checks whether the steps are stable at the minimum in which descent from the start ends, or at the start if the
 * descent takes too long. Returns null if eta is 0, if the rule has no stability limit, or if no curvature is positive.
 * Also returns null if `sam` or another key changes the steps of the rule near the minimum.
 */
export function stabilityPremise(
  cell: Cell,
  curvatures: () => ReturnType<Landmarks['nearCurvatures']>,
): StabilityPremise | null {
  const eta = largestEta(cell)
  // Near a minimum, gradients are too small to be clipped.
  const { clip: _, ...local } = cell.update
  if (!(eta > 0) || changeOfSteps(local) !== null) return null
  const limit = stabilityLimit(cell.update.rule, eta)
  if (limit === null) return null
  const { at, values } = curvatures()
  const curvature = values.at(-1)!
  return curvature > 0 ? { eta, curvature, limit, ...(at === 'start' ? { at } : {}) } : null
}

/**
 * Returns the smallest value of eta times curvature at which the rule without noise does not come to rest. At this
 * value, an eigenvalue of the rule's linear recursion reaches the unit circle. For two by two matrices, Jury's
 * conditions |det| < 1 and |trace| < 1 + det hold below this value. Returns null if the rule is not linear, if it does
 * not come to rest even at 0.001, or if it still comes to rest at 1000.
 */
export function stabilityLimit(rule: Rule, eta: number): number | null {
  switch (rule.kind) {
    case 'gradient':
      return 2
    case 'momentum':
      // For the curvature h, the matrix of the recursion has the trace 1 + beta - eta h and the determinant beta.
      return 2 * (1 + rule.beta)
    case 'nesterov':
      // The matrix has the trace (1 + beta) (1 - eta h) and the determinant beta (1 - eta h).
      return (2 * (1 + rule.beta)) / (1 + 2 * rule.beta)
    default:
      return known.get(JSON.stringify([rule, eta]), () => searched(rule, eta))
  }
}

const known = new RecentCache<number | null>(64)

/** The bisection has a relative precision of 1e-6. */
const searchRange = { from: 1e-3, growth: 1.1, most: 1000, rounds: 17 } as const

function searched(rule: Rule, eta: number): number | null {
  const linear = linearRule(rule, eta)
  if (linear === null) return null
  const rests = (limit: number) =>
    spectralRadius(recursionOf(linear, limit / eta, { gradient: 0, theta: 0 }).matrix) < 1
  const { from } = searchRange
  return rests(from) ? (growUntil((limit) => !rests(limit), searchRange)?.[0] ?? null) : null
}
