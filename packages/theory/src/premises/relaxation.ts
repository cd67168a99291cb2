import { elementary, norm } from '@driftfarm/formula'
import { decodeOutcome, layoutOf, runReference, scaleFunction, stepCost } from '@driftfarm/kernel'
import { type Cell, minimalTrial, type Tables } from '@driftfarm/spec'
import type { RelaxationPremise } from '@driftfarm/statistics'
import { driftLaw } from '../drift.ts'
import { spectralRadius } from '../linear/recursion.ts'
import { isPoint } from '../question/startPoint.ts'
import { hasConstantScales } from '../stationary.ts'
import type { Landmarks, Study } from './landmarks.ts'
import { linearSteps, recursionOf } from './linearRule.ts'
import { noiseFreeCell } from './plainCell.ts'

const { log } = elementary

const shrinkFactor = 20
/**
 * Curvatures below this share of the largest one belong to valleys. Theta takes very long to spread along a valley, and
 * may leave across the valley long before it has done so. Valleys are therefore ignored.
 */
const flat = 1e-2
/**
 * If eta times the largest curvature is at most this, the curvature may be due to rounding, and theta hardly moves.
 * `relaxationSteps` then returns null.
 */
const still = 1e-7
/**
 * A start at most this far from the minimum counts as being there. The unit is 1 plus the root mean square of the
 * minimum's coordinates.
 */
const atMinimum = 1e-3

/**
 * Returns how many more steps trials need after the warm-up to forget their start. By then, the noise-free rule has
 * shrunk the distance to the start's minimum by a factor of 20 in every direction that is not a valley.
 *
 * Returns null if the minimum has no curvature, or if the steps change with n or are not linear in the gradients. Also
 * returns null if the noise has heavy tails: one large jump may then cause an escape before theta has spread.
 * `allowance` is the host time in nanoseconds for simulating the approach to the minimum.
 */
export function relaxationPremise({
  cell,
  tables,
  landmarks,
  allowance,
}: Omit<Study, 'module'>): RelaxationPremise | null {
  const { warmup } = cell.trial
  const hasHeavyTails = cell.update.drift.some(
    (entry) => entry.form !== 'flip' && driftLaw(entry.law).powerTail !== null,
  )
  if (!hasConstantScales(cell) || hasHeavyTails) return null
  if (linearSteps(cell, scaleFunction(cell)(0).eta) === null) return null
  const curvatures = landmarks().curvatures()
  const along = relaxationSteps(cell, curvatures)
  if (along === null) return null
  const largest = curvatures.at(-1)!
  const approach =
    isPoint(cell.start) && curvatures[0]! > flat * largest
      ? approachSteps(cell, tables, landmarks(), { hold: Math.ceil(along / 3), allowance })
      : 0
  return { steps: Math.max(0, Math.max(along, approach) - warmup) }
}

/**
 * Returns the number of steps in which the linear rule shrinks the distance to the minimum by a factor of 20 in every
 * direction that is not a valley. Returns null if the distance does not shrink in one of these directions, or if even
 * the largest curvature is too small to move theta noticeably. `curvatures` must be in ascending order.
 */
export function relaxationSteps(cell: Cell, curvatures: readonly number[]): number | null {
  const { eta } = scaleFunction(cell)(0)
  const rule = eta > 0 ? linearSteps(cell, eta) : null
  const largest = curvatures.at(-1)!
  // Distances from a saddle or a maximum do not shrink.
  if (rule === null || !(eta * largest > still) || curvatures[0]! < -flat * largest) return null
  let most = 0
  for (const curvature of curvatures) {
    if (!(curvature > flat * largest)) continue
    const radius = spectralRadius(recursionOf(rule, curvature, silent).matrix)
    if (!(radius < 1)) return null
    most = Math.max(most, Math.ceil(log(shrinkFactor) / -log(radius)))
  }
  return Number.isFinite(most) ? Math.max(1, most) : null
}

const silent = { gradient: 0, theta: 0 }

/**
 * Counts the steps until the distance to the minimum stays below a twentieth of its initial value for `hold` steps. If
 * the distance never does so, returns the number of steps that were simulated. Returns 0 if the start is at the minimum
 * or if fewer than `hold` steps can be simulated.
 */
function approachSteps(
  cell: Cell,
  tables: Tables,
  { starts, minimum }: Landmarks,
  { hold, allowance }: { readonly hold: number; readonly allowance: number },
): number {
  const [start] = starts()
  const { theta: end } = minimum()
  const begun = norm(end.map((x, i) => x - start![i]!))
  if (begun <= atMinimum * (1 + norm(end) / Math.sqrt(end.length))) return 0
  const quiet = noiseFreeCell(cell)
  const steps = Math.min(cell.trial.steps, Math.floor(allowance / stepCost(quiet).host))
  if (steps < hold) return 0
  const approaching: Cell = {
    ...quiet,
    start: { kind: 'point', point: [...start!] },
    trial: {
      ...minimalTrial,
      steps,
      divergence: cell.trial.divergence,
      converge: { kind: 'within', radius: begun / shrinkFactor, of: [['', [...end]]], hold },
    },
  }
  const { records } = runReference(approaching, 0, 1, { horizons: [], tables })
  const { convergedAt } = decodeOutcome(records!, layoutOf(approaching), 0)
  return convergedAt === null ? steps : convergedAt - hold + 1
}
