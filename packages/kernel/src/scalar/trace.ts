import { elementary } from '@driftfarm/formula'
import type { Cell, DataTable } from '@driftfarm/spec'
import { checkData } from '../model/checkData.ts'
import { modelOf } from '../model/model.ts'
import type { Outcome } from '../outcome/outcome.ts'
import { particleCell } from '../splitting/cell.ts'
import { streamKey } from '../streams/streams.ts'
import { trialRunner } from './trial.ts'

/** The state at step n; theta is a view that the next step overwrites. */
export interface TracedStep {
  readonly n: number
  readonly theta: Float64Array
  readonly loss: number
  readonly gradnorm: number
  /**
   * The events of this step, in the order in which they are recorded: `mark:name`, `escape` or `escape:exit`,
   * `converge` or `converge:centre`, `diverge`, `end`.
   */
  readonly events: readonly string[]
}

/**
 * Replays one trial, and calls `visit` for every theta_n from theta_0 (after any warm-up) to the last. The steps of the
 * quench are not visited.
 */
export function traceReference(
  cell: Cell,
  trial: number,
  visit: (step: TracedStep) => void,
  data: DataTable | null = null,
): Outcome {
  checkData(cell, data)
  const runner = trialRunner(modelOf(particleCell(cell)), streamKey(cell), data?.values ?? null)
  return runner.trial(trial, (n, landscape, events) => {
    const gradnorm = elementary.sqrt(landscape.gradientSquared())
    visit({ n, theta: landscape.theta, loss: landscape.loss(), gradnorm, events })
  }).outcome
}
