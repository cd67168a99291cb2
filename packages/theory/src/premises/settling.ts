import { norm, nullIf } from '@driftfarm/formula'
import { basinRelation, exitFunction, gradientAt, stepCost, trialCost } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, isPlain } from '@driftfarm/spec'
import type { SettlingPremise } from '@driftfarm/statistics'
import { affordableSteps, BudgetExceeded } from './budget.ts'
import { curvaturesAt } from './curvatures.ts'
import type { Study } from './landmarks.ts'
import { withoutDescents, withoutDriftFrom, withSteps, withTrial } from './plainCell.ts'
import { relaxationSteps } from './relaxation.ts'
import { runTrials, trialEnds } from './runTrials.ts'

const maxTrials = 16
const minTrials = 4
const relaxations = 3
const usualSteps = 1000
const longestContinuation = 20_000
const doublings = 2

/**
 * Checks whether trials that converged stay where they are. Each trial continues by the cell's own rule, with its
 * present velocity and without further noise. A trial that ends in another basin has left, unless the condition of
 * convergence is an expression that holds there. If the condition depends on the gradient, a trial that then descends
 * to a lower critical point has left, too.
 *
 * The check is needed because a condition may have to hold at only one step. With such a condition, a trial also counts
 * as converged while momentum carries it through a ball, or while it crosses an inflection with a small gradient.
 *
 * Returns null if no convergence is requested. Also returns null if the rule has no memory and the condition does not
 * depend on the gradient, because trials then stay in the ball of their minimum. `allowance` is the total kernel time
 * in nanoseconds; if it is short, fewer trials continue.
 */
export async function settlingPremise(study: Study): Promise<SettlingPremise | null> {
  const { converge } = study.cell.trial
  if (converge === null || (hasNoMemory(study.cell) && !isOfGradient(converge))) return null
  const { hold } = converge
  const cell = withTrial(withoutDescents(study.cell), { afterConverge: 'stop', marks: [], classify: [] })
  const sample: Sample = { ...study, cell, allowance: study.allowance / 2, relaxation: null }
  const found = await countLeaving(sample, hold)
  return found && { ...found, hold, enough: found.left === 0 ? null : await enoughOf(sample, hold) }
}

/** Without noise, such a rule keeps to descent, and trials stay in the ball of their minimum. */
const hasNoMemory = ({ update }: Cell): boolean => isPlain(update.rule) && changeOfSteps(update) === null

interface Sample extends Study {
  /** The relaxation time in steps at the point where the first trial converged; null until a trial has converged. */
  relaxation: number | null
}

async function enoughOf(sample: Sample, own: number): Promise<SettlingPremise['enough']> {
  const part = { ...sample, allowance: sample.allowance / (doublings + 1) }
  for (let doubled = 0; doubled <= doublings; doubled++) {
    // With `every`, `hold` counts evaluations.
    const hold = Math.ceil((sample.relaxation! * 2 ** doubled) / everyOf(sample.cell.trial.converge!))
    if (hold <= own) continue
    const found = await countLeaving(part, hold)
    if (found === null || found.trials === 0) return null
    if (found.left === 0) return { hold, trials: found.trials }
  }
  return null
}

async function countLeaving(sample: Sample, hold: number) {
  const allowance = sample.allowance / 2
  const cell = withTrial(sample.cell, { converge: { ...sample.cell.trial.converge!, hold } })
  const step = stepCost(cell).kernel
  const fixed = trialCost(withSteps(cell, 0))
  const trials = Math.min(maxTrials, Math.floor(allowance / (fixed + step * Math.min(cell.trial.steps, usualSteps))))
  if (trials < minTrials) return null
  const sampled = withSteps(cell, affordableSteps(cell, trials, allowance))
  const seen = { trials: 0, left: 0, steps: 0 }
  const room = { left: allowance }
  for (const { trial, end, convergedAt, theta } of await trialEnds(sampled, { first: 0, count: trials }, sample)) {
    if (end !== 'converged' || convergedAt === null) continue
    const after = continuationOf(sample, theta)
    room.left -= fixed + step * (convergedAt + after)
    if (room.left < 0 && seen.trials > 0) break
    seen.trials += 1
    seen.steps = after
    const continued = withTrial(withoutDriftFrom(cell, convergedAt), {
      escape: null,
      afterConverge: 'continue',
      steps: convergedAt + after,
    })
    const later = (await runTrials(continued, { first: trial, count: 1 }, sample)).theta!
    if (hasLeft({ ...sample, cell }, theta, later, room)) seen.left += 1
  }
  return seen
}

/** For how many steps a trial continues that has converged at `at`. */
function continuationOf(sample: Sample, at: Float64Array): number {
  const { cell, landmarks, allowance } = sample
  if (sample.relaxation === null) {
    const { descend, probe } = landmarks()
    const end = descend(at)
    const found =
      end && nullIf(BudgetExceeded, () => relaxationSteps(cell, curvaturesAt(probe, end.theta, allowance / 4)))
    sample.relaxation = found ?? Math.ceil(usualSteps / relaxations)
  }
  return Math.min(longestContinuation, Math.max(usualSteps, cell.trial.steps), relaxations * sample.relaxation)
}

function hasLeft(
  { cell, tables, landmarks }: Study,
  at: Float64Array,
  later: Float64Array,
  room: { left: number },
): boolean {
  const { descend, probe, starts } = landmarks()
  const [before, end] = [descend(at), later.every(Number.isFinite) ? descend(later) : null]
  room.left -= ((before?.steps ?? 0) + (end?.steps ?? 0)) * probe.stepCost
  if (before === null || end === null) return end === null
  const converge = cell.trial.converge!
  const elsewhere = basinRelation(probe.landscape, before.theta, end.theta, before.tolerance) === 'two'
  // An expression may hold on the way to a minimum, so the trial has left only if the expression is false at the end.
  const stillConverged = () => exitFunction(cell, tables, starts()[0]!).at(end.theta).converges
  if (elsewhere && (converge.kind !== 'when' || !stillConverged())) return true
  if (!isOfGradient(converge)) return false
  const small = converge.kind === 'gradient' ? converge.tolerance : norm(gradientAt(probe.landscape.gradient, at))
  return (
    probe.landscape.loss(at) > probe.landscape.loss(end.theta) &&
    basinRelation(probe.landscape, at, end.theta, small) !== 'one'
  )
}

type Converge = NonNullable<Cell['trial']['converge']>

function everyOf(converge: Converge): number {
  return converge.kind === 'when' ? (converge.every ?? 1) : 1
}

function isOfGradient(converge: Converge): boolean {
  return converge.kind === 'gradient' || (converge.kind === 'when' && /\bgradnorm\b/.test(converge.when))
}
