import type { Cell, Demand } from '@driftfarm/spec'
import { checkPoints } from './checkPoints.ts'
import type { How } from './how.ts'
import { ruleOf, type Stopped } from './stopped.ts'

export interface Circumstances {
  readonly demand: Demand
  /** Cells of the sweep. */
  readonly cells: number
  readonly extended: boolean
  readonly trial: Cell['trial']
  /** Id of the cell. */
  readonly cell: string
  /** Samples whose gradients a step takes. */
  readonly samples: number
  /** Share of trials that keep their noise, where others are tilted; 0 for other methods. */
  readonly original: number
}

/** How the trials of a demand came to be as many as they are; `stopped` null: they are still coming. */
export function howOf(
  { demand, cells, extended, trial, cell, samples, original }: Circumstances,
  stopped: Stopped | null,
): How {
  const rest = { cells, trial, cell, samples, original }
  if (stopped === null) return { kind: 'running', ...rest }
  if (demand.until === null) return { kind: extended ? 'extended' : 'fixed', ...rest }
  const points = checkPoints(demand.until.min, demand.until.max).length
  return { kind: 'stopped', by: ruleOf(stopped), checkPoints: points, ...rest }
}
