import { basinRelation, type ModuleOf } from '@driftfarm/kernel'
import type { Cell, DataTable, Descent } from '@driftfarm/spec'
import type { BasinPremise } from '@driftfarm/statistics'
import { norm } from '../linear/matrix.ts'
import type { Landmarks } from './landmarks.ts'
import type { DescentEnd, Probe } from './probe.ts'
import { wander } from './wander.ts'

/**
 * The number of trials whose ends are looked at. Where their descents take longer than `enough` nanoseconds there are
 * fewer, but at least `fewestEnds`.
 */
const trials = 8
const fewestEnds = 2
const enough = 4e8
/** Ends are descended further to this share of the gradient tolerance, and then to the finer shares. */
const further = 1e-2
const finer = [1e-1, 1e-2, 1e-3, 1e-4] as const
/**
 * The descent for a cell that has none of its own. Its step is that of the descents that the spec writes out: half the
 * inverse curvature.
 */
const usual = { gradient: 1e-9, steps: 100_000 } as const

interface Question {
  readonly of: BasinPremise['of']
  readonly descent: Descent
}

/** How descents continue, and for at most how many steps. */
interface Going {
  readonly probe: Probe
  readonly descent: Descent
  readonly budget: number
}

/** An end, the end that it descends on to, and what it is compared with. */
interface Compared {
  readonly end: DescentEnd
  readonly on: DescentEnd
  readonly other: ArrayLike<number>
}

/**
 * Whether the descents of the cell go far enough. The ends of the descents from the last theta of eight trials are
 * descended on to a hundredth of the tolerance. An end has changed if it then lies in another basin, or if it no longer
 * equals what it is compared with, the end of the descent from its trial's start or a named minimum: the tolerance was
 * then too coarse to see a low barrier. Where convergence decides, the trials that converged are used. null where
 * nothing of the cell depends on descents.
 */
export async function basinPremise(
  cell: Cell,
  data: DataTable | null,
  landmarks: () => Landmarks,
  module: ModuleOf,
): Promise<BasinPremise | null> {
  const question = questionOf(cell, landmarks)
  if (question === null) return null
  const { of, descent } = question
  const { probe } = landmarks()
  const converges = of === 'settled' || of === 'within'
  const wandered = (await wander(cell, data, trials, module)).filter(({ converged }) => converged || !converges)
  const begun = of === 'basin' ? landmarks().starts() : []
  const budget = Math.max(1000, Math.floor(enough / probe.stepCost))
  const going = { probe, descent, budget }
  const ends: DescentEnd[] = []
  const seen = { changed: 0, noMinimum: 0 }
  let spent = 0
  for (const { theta, trial } of wandered) {
    if (ends.length >= fewestEnds && spent > budget) break
    const end = descendCounting(probe, theta, descent)
    spent += end.steps
    if (!end.theta.every(Number.isFinite)) continue
    ends.push(end)
    const on = goOn(end.theta, going)
    const relation = basinRelation(probe.landscape, end.theta, on.theta, descent.gradient)
    const others =
      of === 'basin' ? [begun[trial] ?? begun[0]!] : of === 'within' ? [] : cell.trial.minima.map(([, at]) => at)
    if (
      relation === 'two' ||
      endsElsewhere(cell, { theta, end: on.theta }, going) ||
      (end.reached && on.reached && others.some((other) => decidesAnew({ end, on, other }, of, going)))
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
    enough: mended ? null : enoughOf(ends, going),
  }
}

/** What the cell decides by descents, and with which descent; null where it decides nothing by them. */
function questionOf({ trial }: Cell, landmarks: () => Landmarks): Question | null {
  const { escape, quench, converge, minima, classify } = trial
  if (escape?.kind === 'basin') return { of: 'basin', descent: escape.descent }
  if (quench !== null)
    return minima.length > 0 || classify.some(([, when]) => /\bquenchloss\b/.test(when))
      ? { of: 'quench', descent: quench }
      : null
  if (minima.length === 0) return null
  const eta = () => 0.5 / Math.max(Number.MIN_VALUE, ...landmarks().curvatures().map(Math.abs))
  if (converge?.kind === 'gradient' && converge.tolerance > 0)
    return { of: 'settled', descent: { ...usual, gradient: converge.tolerance, eta: eta() } }
  const named = converge?.kind === 'within' && converge.of.some(([name]) => minima.some(([known]) => known === name))
  return named ? { of: 'within', descent: { ...usual, eta: eta() } } : null
}

/** Whether an end equals what it is compared with, a start or a named minimum, at exactly one of the two tolerances. */
function decidesAnew({ end, on, other }: Compared, of: BasinPremise['of'], going: Going): boolean {
  const { probe, descent } = going
  const { landscape } = probe
  const point: DescentEnd = { theta: Float64Array.from(other), reached: true }
  const coarse = of === 'basin' ? probe.descend(point.theta, descent) : point
  const fine = of === 'basin' ? goOn(coarse.theta, going) : point
  if (!coarse.reached || !fine.reached) return false
  const isOne = basinRelation(landscape, coarse.theta, end.theta, descent.gradient) === 'one'
  return isOne !== (basinRelation(landscape, fine.theta, on.theta, further * descent.gradient) === 'one')
}

/** Whether theta lies in the ball of a minimum, although descent from it leads into another basin. */
function endsElsewhere(
  { trial: { converge } }: Cell,
  { theta, end }: { readonly theta: Float64Array; readonly end: Float64Array },
  { probe: { landscape }, descent: { gradient } }: Going,
): boolean {
  if (converge?.kind !== 'within') return false
  const ball = converge.of.find(([, centre]) => norm(centre.map((x, i) => theta[i]! - x)) <= converge.radius)
  return ball !== undefined && basinRelation(landscape, end, Float64Array.from(ball[1]), gradient) === 'two'
}

/** The largest of the finer tolerances from which on no end changes any more; null if there is none. */
function enoughOf(ends: readonly DescentEnd[], { probe, descent, budget }: Going): number | null {
  let reached = ends
  for (const share of finer) {
    const gradient = share * descent.gradient
    const finerDescent = { ...descent, gradient, steps: Math.min(descent.steps, budget) }
    reached = reached.map(({ theta }) => probe.descend(theta, finerDescent))
    const keeps = (end: DescentEnd) =>
      end.reached &&
      basinRelation(
        probe.landscape,
        end.theta,
        goOn(end.theta, { probe, descent: finerDescent, budget }).theta,
        gradient,
      ) === 'one'
    if (reached.every(keeps)) return gradient
  }
  return null
}

function goOn(theta: Float64Array, { probe, descent, budget }: Going): DescentEnd {
  return probe.descend(theta, {
    ...descent,
    gradient: further * descent.gradient,
    steps: Math.min(descent.steps, budget),
  })
}

/**
 * Runs a descent in pieces, each as long as all before it, so that its length is known. This gives the same end, since
 * theta is the only state of a descent.
 */
function descendCounting(probe: Probe, from: Float64Array, descent: Descent): DescentEnd & { readonly steps: number } {
  let end: DescentEnd = { theta: from, reached: false }
  let taken = 0
  while (!end.reached && taken < descent.steps && end.theta.every(Number.isFinite)) {
    const steps = Math.min(descent.steps - taken, Math.max(1000, taken))
    end = probe.descend(end.theta, { ...descent, steps })
    taken += steps
  }
  return { ...end, steps: taken }
}
