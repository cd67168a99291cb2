import type { Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { integer, real, realShape } from './number.ts'
import { replayedShape, replayedTable } from './replayed.ts'
import { type TrialRow, trialShape } from './trial.ts'

const { cell, trial, exit, escaped_at, steps } = trialShape.shape

/** One trial of a tilt, with the columns of `results --rows` and of the view `weighted`. */
export const weightedShape = z.strictObject({
  cell,
  trial,
  value: realShape.describe('Importance weight of the trial if it escaped, else 0.'),
  log_ratio: realShape.describe(
    "Logarithm of a ratio of densities: the density of the trial's noise under the tilt, divided by its density " +
      'under the original distribution.',
  ),
  exit,
  escaped_at,
  steps,
})

/** What `replay` prints for a tilt. */
export const weighted = define('Weighted', weightedShape.extend(replayedShape), { table: replayedTable })

export interface WeightedRow extends Pick<TrialRow, 'cell' | 'trial' | 'exit' | 'escaped_at' | 'steps'> {
  readonly value: number
  readonly log_ratio: number
}

export function weightedJson(row: WeightedRow): Plain<Record<keyof WeightedRow, unknown>> {
  const { cell, trial, value, log_ratio, exit, escaped_at, steps } = row
  return {
    cell,
    trial: integer(trial),
    value: real(value),
    log_ratio: real(log_ratio),
    exit: exit || null,
    escaped_at: escaped_at === null ? null : integer(escaped_at),
    steps: integer(steps),
  }
}
