import { type Expression, freeNames } from '@driftfarm/formula'
import type { Cell, DataTable } from '@driftfarm/spec'
import { checkData } from '../model/checkData.ts'
import { modelOf } from '../model/model.ts'
import { ScalarLandscape } from './landscape.ts'
import { basinWatch, centreOf, classOf, convergeHolds, exitOf } from './trial.ts'

/** What holds at one theta; a trial looks at it in this order. */
export interface EventsAt {
  /** Whether every coordinate is finite; if not, nothing else is looked at. */
  readonly finite: boolean
  readonly marks: readonly boolean[]
  /** Name of the exit that is taken ('' for one without a name), or null. */
  readonly exit: string | null
  /** Whether a coordinate is beyond the divergence limit. */
  readonly diverged: boolean
  /** Whether the condition of convergence holds; with a hold it must do so for that many steps. */
  readonly converges: boolean
  /** Name of the ball that theta is in, or null. */
  readonly centre: string | null
  /** Name of the class of theta, null without classes. */
  readonly class: string | null
}

export interface ExitFunction {
  /** Of theta, at step 1 or any other that a basin is looked at. */
  at(theta: ArrayLike<number>): EventsAt
  /** Whether an event depends on the step or on where a quench ends, and thus on more than theta. */
  readonly needsMore: boolean
}

/**
 * The events of a cell as a function of theta on the host, bit for bit those of its trials. `reference` is theta_0,
 * which distances and the basin refer to. Throws a KernelError for what cannot be computed.
 */
export function exitFunction(cell: Cell, data: DataTable | null, reference: ArrayLike<number>): ExitFunction {
  checkData(cell, data)
  const model = modelOf(cell)
  const landscape = new ScalarLandscape(model, new Float64Array(model.dimension), data?.values ?? null)
  landscape.reference.set(reference)
  const { escape, divergence } = cell.trial
  const leaves = basinWatch(model, landscape)
  const lookedAt = escape?.kind === 'basin' ? escape.every : 1
  const { theta } = landscape
  const asked = [...model.exits, ...model.marks, ...model.classes, model.convergeWhen]
  return {
    needsMore: lookedAt !== 1 || asked.some((when) => when !== null && usesMore(when)),
    at(point) {
      theta.set(point)
      landscape.step = lookedAt
      if (!theta.every(Number.isFinite))
        return { finite: false, marks: [], exit: null, diverged: true, converges: false, centre: null, class: null }
      return {
        finite: true,
        marks: model.marks.map((when) => landscape.holds(when)),
        exit: escape?.kind === 'basin' ? (leaves(lookedAt) === 'outside' ? '' : null) : exitOf(model, landscape),
        diverged: theta.some((x) => Math.abs(x) > divergence),
        converges: convergeHolds(model, landscape),
        centre: centreOf(model, landscape),
        class: classOf(model, landscape),
      }
    },
  }
}

function usesMore(when: Expression): boolean {
  const { names } = freeNames(when)
  return names.has('step') || names.has('quenchloss')
}
