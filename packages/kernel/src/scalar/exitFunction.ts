import { type Cell, isOfTrial, type Tables } from '@driftfarm/spec'
import { checkData } from '../model/cell.ts'
import { allOf } from '../model/conditions.ts'
import { modelOf } from '../model/model.ts'
import { quantitiesIn } from '../model/quantities.ts'
import { ScalarLandscape } from './landscape.ts'
import { basinWatch, centreOf, classOf, convergeHolds, exitOf } from './trial.ts'

/** The events at one theta. A trial checks the fields in this order. */
export interface EventsAt {
  /** Whether every coordinate is finite; if not, nothing else is checked. */
  readonly finite: boolean
  readonly marks: readonly boolean[]
  /** Name of the exit that is taken ('' for an unnamed one), or null. */
  readonly exit: string | null
  /** Whether the absolute value of a coordinate exceeds the divergence limit. */
  readonly diverged: boolean
  /**
   * Whether the condition of convergence holds. With `hold`, a trial converges only if the condition holds for `hold`
   * consecutive steps.
   */
  readonly converges: boolean
  /** Name of the ball of convergence that contains theta, or null. */
  readonly centre: string | null
  /** Name of the class of theta; null without classes. */
  readonly class: string | null
}

export type ExitFunction = ReturnType<typeof exitFunction>

/**
 * Returns a JavaScript function that finds the events of a cell at a given theta. The results agree bit for bit with
 * the trials of the cell. Distances are measured from `reference` (theta_0), and the basin is the one that contains
 * `reference`. Throws a KernelError if the cell cannot be computed.
 */
export function exitFunction(cell: Cell, tables: Tables, reference: ArrayLike<number>) {
  checkData(cell, tables)
  const model = modelOf(cell)
  const landscape = new ScalarLandscape(model, new Float64Array(model.dimension), tables)
  landscape.reference.set(reference)
  const { escape, divergence } = cell.trial
  const leaves = basinWatch(model, landscape)
  const lookedAt = escape?.kind === 'basin' ? escape.every : 1
  const { theta } = landscape
  const conditions = allOf(model.conditions)
  return {
    /**
     * Whether an event depends on more than theta and theta_0: on the step, on `every`, on the course of the trial, or
     * on the end point of a quench.
     */
    needsMore:
      lookedAt !== 1 ||
      conditions.some(({ when, timed }) => timed !== null || quantitiesIn(model, when).some(isOfTrial)),
    /**
     * Returns the events of a trial that is at theta in step 1. Conditions with `every` are evaluated too. If the
     * escape event is leaving a basin, the trial is at theta in the first step that checks the basin, not in step 1. If
     * `from` is given, distances are measured from it.
     */
    at(point: ArrayLike<number>, { from, quenchLoss } = { from: reference, quenchLoss: Number.NaN }): EventsAt {
      theta.set(point)
      landscape.reference.set(from)
      landscape.quenchLoss = quenchLoss
      landscape.step = lookedAt
      if (!theta.every(Number.isFinite))
        return { finite: false, marks: [], exit: null, diverged: true, converges: false, centre: null, class: null }
      return {
        finite: true,
        marks: model.conditions.mark.map(({ when }) => landscape.holds(when)),
        exit: escape?.kind === 'basin' ? (leaves(lookedAt) === 'outside' ? '' : null) : exitOf(model, landscape),
        diverged: theta.some((x) => Math.abs(x) > divergence),
        converges: convergeHolds(model, landscape),
        centre: centreOf(model, landscape),
        class: classOf(model, landscape),
      }
    },
  }
}
