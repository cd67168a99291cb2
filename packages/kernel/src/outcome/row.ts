import type { Method } from '@driftfarm/spec'
import type { OutcomeRecord } from './outcome.ts'

/** The columns of the rows of each method, under the names that results, exports and views use. */
export const rowColumns = {
  direct: [
    'cell',
    'trial',
    'end',
    'exit',
    'settled',
    'class',
    'escaped_at',
    'converged_at',
    'steps',
    'loss',
    'distance',
    'marks',
  ],
  splitting: ['cell', 'replica', 'estimate', 'weight', 'levels', 'escaped', 'steps', 'exits'],
  tilt: ['cell', 'trial', 'value', 'log_ratio', 'exit', 'escaped_at', 'steps'],
} as const satisfies Readonly<Record<Method['kind'], readonly string[]>>

/**
 * Types of numeric columns, by name. Of the other columns, `marks` and `exits` map names to integers, and the rest
 * contain words.
 */
export const columnTypes: Readonly<Record<string, 'INT32' | 'INT64' | 'DOUBLE'>> = {
  cell: 'INT32',
  trial: 'INT64',
  replica: 'INT64',
  escaped_at: 'INT64',
  converged_at: 'INT64',
  steps: 'INT64',
  levels: 'INT64',
  escaped: 'INT64',
  loss: 'DOUBLE',
  distance: 'DOUBLE',
  estimate: 'DOUBLE',
  weight: 'DOUBLE',
  value: 'DOUBLE',
  log_ratio: 'DOUBLE',
}

/** The record of a trial as a row, with the columns of the method in order. `cell` is the index of the cell. */
export function rowOf(cell: number, trial: number, record: OutcomeRecord): Readonly<Record<string, unknown>> {
  const { steps } = record
  switch (record.kind) {
    case 'replica': {
      const { estimate, weight, levels, escaped, exits } = record
      return { cell, replica: trial, estimate, weight, levels, escaped, steps, exits }
    }
    case 'weighted': {
      const { value, logRatio, exit, escapedAt } = record
      return { cell, trial, value, log_ratio: logRatio, exit: exit || null, escaped_at: escapedAt, steps }
    }
    case 'trial': {
      const { end, exit, settled, class: class_, escapedAt, convergedAt, loss, distance, marks } = record
      return {
        cell,
        trial,
        end,
        // If the escape is a single condition, the exit has an empty name.
        exit: exit || null,
        settled,
        class: class_,
        escaped_at: escapedAt,
        converged_at: convergedAt,
        steps,
        loss,
        distance,
        marks,
      }
    }
  }
}
