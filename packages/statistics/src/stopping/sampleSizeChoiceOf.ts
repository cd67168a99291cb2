import type { Cell, Demand } from '@driftfarm/spec'
import { checkPoints } from './checkPoints.ts'
import type { SampleSizeChoice } from './sampleSizeChoice.ts'
import { ruleOf, type Stopped } from './stopped.ts'

export interface ChoiceInputs {
  readonly demand: Demand
  readonly cells: number
  /** Whether results could already be seen when the number of trials or the stopping rule was chosen. */
  readonly extended: boolean
  readonly trial: Cell['trial']
  readonly cell: string
  /** Number of samples whose gradients one step evaluates. */
  readonly samples: number
  /** `method.tilt.original`: the share of trials that keep the original noise; 0 if the method is not `tilt`. */
  readonly original: number
}

/** `stopped` is null while trials are pending. */
export function sampleSizeChoiceOf(
  { demand, cells, extended, trial, cell, samples, original }: ChoiceInputs,
  stopped: Stopped | null,
): SampleSizeChoice {
  const rest = { cells, trial, cell, samples, original }
  if (stopped === null) return { kind: 'running', ...rest }
  if (extended) return { kind: 'extended', ...rest }
  if (demand.until === null) return { kind: 'fixed', ...rest }
  const points = checkPoints(demand.until.min, demand.until.max).length
  return { kind: 'stopped', by: ruleOf(stopped), checkPoints: points, ...rest }
}
