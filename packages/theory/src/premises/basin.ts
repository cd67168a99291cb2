import { norm } from '@driftfarm/formula'
import { basinRelation, endAligner } from '@driftfarm/kernel'
import type { Cell, Descent } from '@driftfarm/spec'
import type { BasinPremise } from '@driftfarm/statistics'
import { affordableSteps, BudgetExceeded } from './budget.ts'
import type { Landmarks, Study } from './landmarks.ts'
import { withoutDescents, withSteps, withTrial } from './plainCell.ts'
import { type DescentEnd, descendWithin, type Probe } from './probe.ts'
import { type TrialEnd, trialEnds } from './runTrials.ts'

const maxTrials = 8
/** The share of the allowed work that each part of the check may use. `descents` includes continued descents. */
const workShares = { trials: 0.2, descents: 0.5, finer: 0.3 } as const
/** No descent is started if the allowed work does not cover this many steps. */
const minSteps = 500
/** A descent is continued until its gradient has fallen to this share of the tolerance. */
const further = 1e-2
const finerShares = [1e-1, 1e-2, 1e-3, 1e-4] as const
const defaultDescent = { gradient: 1e-9, steps: 100_000 } as const

interface Going {
  readonly probe: Probe
  readonly descent: Descent
  readonly aligned: ReturnType<typeof endAligner>
  /** The number of steps that all descents together may still take. */
  left: number
}

interface Compared {
  readonly end: DescentEnd
  readonly on: DescentEnd
  readonly other: ArrayLike<number>
}

/**
 * Checks whether the descents of the cell go far enough. Descents start from the last theta of up to eight trials, and
 * each is continued to a hundredth of the tolerance. If the continued descent ends in another basin, the tolerance is
 * too coarse to notice a low barrier. The same holds if the continued descent changes a decision (see
 * `changesDecision`). Returns null if nothing in the cell depends on descents.
 */
export async function basinPremise(study: Study): Promise<BasinPremise | null> {
  const { cell, landmarks, allowance } = study
  const question = questionOf(cell, landmarks)
  if (question === null) return null
  const { of, descent } = question
  const { probe } = landmarks()
  const affordable = (share: number) => Math.floor((share * allowance) / probe.stepCost)
  if (affordable(workShares.descents) < Math.min(descent.steps, minSteps))
    throw new BudgetExceeded('a descent from the end of one trial')
  const converges = of === 'settled' || of === 'within'
  const endpoints = (await trialEndpoints(study)).filter(({ end }) => end === 'converged' || !converges)
  const begun = of === 'basin' ? landmarks().starts() : []
  const going = { probe, descent, aligned: endAligner(cell), left: affordable(workShares.descents) }
  const ends: DescentEnd[] = []
  const seen = { changed: 0, noMinimum: 0 }
  for (const { theta, trial } of endpoints) {
    const end = descendWithin(probe, theta, descent, going.left)
    going.left -= end.steps
    // If the allowed work cut a descent short, the cell's own descent may go further, so nothing is compared.
    if (end.cut || going.left <= 0) break
    if (!end.theta.every(Number.isFinite)) continue
    const on = continueDescent(end.theta, going)
    if (going.left <= 0 && ends.length > 0) break
    ends.push(end)
    const relation = basinRelation(probe.landscape, end.theta, on.theta, descent.gradient)
    const others =
      of === 'basin' ? [begun[trial] ?? begun[0]!] : of === 'within' ? [] : cell.trial.minima.map(([, at]) => at)
    if (
      relation === 'two' ||
      endsElsewhere(cell, { theta, end: on.theta }, going) ||
      (end.reached && on.reached && others.some((other) => changesDecision({ end, on, other }, of, going)))
    )
      seen.changed += 1
    else if (relation === 'above') seen.noMinimum += 1
  }
  const mended = of === 'within' || seen.changed + seen.noMinimum === 0
  return {
    of,
    tolerance: descent.gradient,
    ends: ends.length,
    unreached: ends.filter(({ reached }) => !reached).length,
    ...seen,
    enough: mended ? null : sufficientTolerance(ends, { ...going, left: affordable(workShares.finer) }),
  }
}

function questionOf(
  { trial }: Cell,
  landmarks: () => Landmarks,
): (Pick<BasinPremise, 'of'> & { readonly descent: Descent }) | null {
  const { escape, quench, converge, minima, classify } = trial
  if (escape?.kind === 'basin') return { of: 'basin', descent: escape.descent }
  if (quench !== null)
    return minima.length > 0 || classify.some(([, when]) => /\bquenchloss\b/.test(when))
      ? { of: 'quench', descent: quench }
      : null
  if (minima.length === 0) return null
  const eta = () => 0.5 / Math.max(Number.MIN_VALUE, ...landmarks().curvatures().map(Math.abs))
  if (converge?.kind === 'gradient' && converge.tolerance > 0)
    return { of: 'settled', descent: { ...defaultDescent, gradient: converge.tolerance, eta: eta() } }
  const named = converge?.kind === 'within' && converge.of.some(([name]) => minima.some(([known]) => known === name))
  return named ? { of: 'within', descent: { ...defaultDescent, eta: eta() } } : null
}

/**
 * The decision is whether `other` is in the basin of the minimum with which it is compared. The decision changes if the
 * tolerance and a hundredth of the tolerance give different answers.
 */
function changesDecision({ end, on, other }: Compared, of: BasinPremise['of'], going: Going): boolean {
  const { probe, descent, aligned } = going
  const { landscape } = probe
  const point: DescentEnd = { theta: Float64Array.from(other), reached: true }
  const coarse = of === 'basin' ? probe.descend(point.theta, descent) : point
  const fine = of === 'basin' ? continueDescent(coarse.theta, going) : point
  if (!coarse.reached || !fine.reached) return false
  const isOne = (from: DescentEnd, to: DescentEnd, tolerance: number) =>
    basinRelation(landscape, ...aligned(from.theta, to.theta), tolerance) === 'one'
  return isOne(coarse, end, descent.gradient) !== isOne(fine, on, further * descent.gradient)
}

/** Whether theta is in the ball of a minimum although the descent from theta ends in another basin. */
function endsElsewhere(
  { trial: { converge } }: Cell,
  { theta, end }: { readonly theta: Float64Array; readonly end: Float64Array },
  { probe: { landscape }, descent: { gradient } }: Going,
): boolean {
  if (converge?.kind !== 'within') return false
  const ball = converge.of.find(([, centre]) => norm(centre.map((x, i) => theta[i]! - x)) <= converge.radius)
  return ball !== undefined && basinRelation(landscape, end, Float64Array.from(ball[1]), gradient) === 'two'
}

/**
 * Tries smaller and smaller tolerances. Returns the first at which every continued descent stays in its basin; null if
 * none is found.
 */
function sufficientTolerance(ends: readonly DescentEnd[], going: Going): number | null {
  const { probe, descent } = going
  let reached = ends
  for (const share of finerShares) {
    const gradient = share * descent.gradient
    reached = reached.map(({ theta }) => descendTo(gradient, theta, going))
    const keeps = (end: DescentEnd) => {
      if (!end.reached) return false
      const on = descendTo(further * gradient, end.theta, going)
      return basinRelation(probe.landscape, end.theta, on.theta, gradient) === 'one'
    }
    if (reached.every(keeps)) return going.left > 0 ? gradient : null
  }
  return null
}

function continueDescent(theta: Float64Array, going: Going): DescentEnd {
  return descendTo(further * going.descent.gradient, theta, going)
}

function descendTo(gradient: number, theta: Float64Array, going: Going): DescentEnd {
  const end = descendWithin(going.probe, theta, { ...going.descent, gradient }, Math.max(0, going.left))
  going.left -= end.steps
  return end
}

/** Trials with fewer steps than this are not worth running, except if the horizon itself is shorter. */
const fewestSteps = 100

/**
 * Runs the first trials of the cell without the events that require a descent, and returns the last theta of each.
 * Trials that diverge are omitted. The trials use the common streams of the cell's seed. If the cell uses common
 * streams too, these trials are the cell's own. If steps are slow, fewer or shorter trials are run.
 */
async function trialEndpoints(study: Study): Promise<readonly TrialEnd[]> {
  const { wandering, trials } = endpointCell(study.cell, workShares.trials * study.allowance)
  const ends = await trialEnds(wandering, { first: 0, count: trials }, study)
  return ends.filter(({ theta }) => theta.every(Number.isFinite))
}

function endpointCell(cell: Cell, allowance: number): { wandering: Cell; trials: number } {
  const { steps: horizon } = cell.trial
  const free = withTrial(withoutDescents(cell), { marks: [], classify: [] })
  for (const trials of [maxTrials, Math.ceil(maxTrials / 4), 1]) {
    const steps = affordableSteps(free, trials, allowance)
    if (steps >= Math.min(horizon, fewestSteps)) return { wandering: withSteps(free, steps), trials }
  }
  throw new BudgetExceeded('a trial of 100 steps')
}
