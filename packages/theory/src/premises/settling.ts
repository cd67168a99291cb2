import { norm } from '@driftfarm/formula'
import { basinRelation, descentsCost, exitFunction, stepCost } from '@driftfarm/kernel'
import { type Cell, isPlain } from '@driftfarm/spec'
import type { SettlingPremise } from '@driftfarm/statistics'
import { gradientAt } from '../gradient.ts'
import { BudgetExceeded } from './budget.ts'
import { curvaturesAt } from './curvatures.ts'
import type { LandmarkDescent, Landmarks, Study } from './landmarks.ts'
import { endingBefore, eventsCell, withoutDescents, withSteps } from './plainCell.ts'
import type { Probe } from './probe.ts'
import { relaxationSteps } from './relaxation.ts'
import { runTrials, type TrialSource, trialEnds } from './runTrials.ts'

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
  const { cell } = study
  const { converge } = cell.trial
  if (converge === null || (isPlain(cell.update.rule) && !isOfGradient(converge))) return null
  const sample = new Sample(study)
  const found = await sample.countLeaving(converge.hold)
  if (found === null) return null
  const { trials, left, steps } = found
  return { trials, left, steps, hold: converge.hold, enough: left === 0 ? null : await enoughOf(sample, converge.hold) }
}

async function enoughOf(sample: Sample, own: number): Promise<SettlingPremise['enough']> {
  sample.allowance /= doublings + 1
  for (let doubled = 0; doubled <= doublings; doubled++) {
    const hold = sample.relaxation! * 2 ** doubled
    if (hold <= own) continue
    const found = await sample.countLeaving(hold)
    if (found === null || found.trials === 0) return null
    if (found.left === 0) return { hold, trials: found.trials }
  }
  return null
}

interface SettlingCounts {
  readonly trials: number
  readonly left: number
  readonly steps: number
}

class Sample {
  /** The relaxation time in steps at the point where the first trial converged; null until a trial has converged. */
  relaxation: number | null = null
  readonly #cell: Cell
  readonly #source: TrialSource
  readonly #landmarks: Landmarks
  allowance: number

  constructor(study: Study) {
    const plain = withoutDescents(study.cell)
    this.#cell = { ...plain, trial: { ...plain.trial, afterConverge: 'stop', marks: [], classify: [] } }
    this.#source = study
    this.#landmarks = study.landmarks()
    this.allowance = study.allowance / 2
  }

  async countLeaving(hold: number): Promise<SettlingCounts | null> {
    const cell = this.#withHold(hold)
    const { warmup, steps: horizon } = cell.trial
    const step = stepCost(cell).kernel
    const fixed = descentsCost(cell).kernel + warmup * step
    const trials = Math.min(maxTrials, Math.floor(this.allowance / 2 / (fixed + step * Math.min(horizon, usualSteps))))
    if (trials < minTrials) return null
    const steps = Math.min(horizon, Math.floor((this.allowance / 2 / trials - fixed) / step))
    const sampled = withSteps(cell, steps)
    const ends = await trialEnds(sampled, { first: 0, count: trials }, this.#source)
    const seen = { trials: 0, left: 0, steps: 0 }
    const room = { left: this.allowance / 2 }
    for (const { trial, end, convergedAt, theta: at } of ends) {
      if (end !== 'converged' || convergedAt === null) continue
      const after = this.#window(at)
      room.left -= fixed + step * (convergedAt + after)
      if (room.left < 0 && seen.trials > 0) break
      seen.trials += 1
      seen.steps = after
      if (await this.#leftLater(cell, { trial, at, step: convergedAt, after }, room)) seen.left += 1
    }
    return seen
  }

  #withHold(hold: number): Cell {
    const cell = this.#cell
    return { ...cell, trial: { ...cell.trial, converge: { ...cell.trial.converge!, hold } } }
  }

  #window(at: Float64Array): number {
    if (this.relaxation === null) {
      const { descend, probe } = this.#landmarks
      const end = descend(at)
      this.relaxation =
        (end === null ? null : relaxationAt(this.#cell, end, probe, this.allowance / 4)) ??
        Math.ceil(usualSteps / relaxations)
    }
    return Math.min(longestContinuation, Math.max(usualSteps, this.#cell.trial.steps), relaxations * this.relaxation)
  }

  async #leftLater(
    cell: Cell,
    { trial, at, step, after }: { trial: number; at: Float64Array; step: number; after: number },
    room: { left: number },
  ): Promise<boolean> {
    const later = await this.#continueWithoutDrift(cell, trial, step, after)
    const { descend, probe } = this.#landmarks
    const [before, end] = [descend(at), later.every(Number.isFinite) ? descend(later) : null]
    room.left -= ((before?.steps ?? 0) + (end?.steps ?? 0)) * probe.stepCost
    if (before === null || end === null) return end === null
    const converge = cell.trial.converge!
    const elsewhere = basinRelation(probe.landscape, before.theta, end.theta, before.tolerance) === 'two'
    // An expression may hold on the way to a minimum, so the trial has left only if the expression is false at the end.
    if (elsewhere && (converge.kind !== 'when' || !this.#stillConverged(cell, end.theta))) return true
    if (!isOfGradient(converge)) return false
    const small = gradientAtConvergence(converge, probe, at)
    return (
      probe.landscape.loss(at) > probe.landscape.loss(end.theta) &&
      basinRelation(probe.landscape, at, end.theta, small) !== 'one'
    )
  }

  #stillConverged(cell: Cell, theta: Float64Array): boolean {
    const { trial, ...rest } = eventsCell(cell)
    const bare: Cell = { ...rest, trial: { ...trial, escape: null } }
    return exitFunction(bare, this.#source.data, this.#landmarks.starts()[0]!).at(theta).converges
  }

  async #continueWithoutDrift(cell: Cell, trial: number, step: number, after: number): Promise<Float64Array> {
    const quiet: Cell = {
      ...cell,
      update: { ...cell.update, drift: cell.update.drift.map((entry) => endingBefore(entry, step)) },
      trial: { ...cell.trial, escape: null, afterConverge: 'continue', steps: step + after },
    }
    const range = { first: trial, count: 1 }
    return (await runTrials(quiet, range, this.#source)).theta!
  }
}

function relaxationAt(cell: Cell, { theta }: LandmarkDescent, probe: Probe, allowance: number): number | null {
  try {
    return relaxationSteps(cell, curvaturesAt(probe, theta, allowance))
  } catch (error) {
    if (error instanceof BudgetExceeded) return null
    throw error
  }
}

type Converge = NonNullable<Cell['trial']['converge']>

function isOfGradient(converge: Converge): boolean {
  return converge.kind === 'gradient' || (converge.kind === 'when' && /\bgradnorm\b/.test(converge.when))
}

function gradientAtConvergence(converge: Converge, probe: Probe, at: Float64Array): number {
  if (converge.kind === 'gradient') return converge.tolerance
  return norm(gradientAt(probe.gradient, at))
}
