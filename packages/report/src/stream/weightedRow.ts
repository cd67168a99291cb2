import { integer, real } from '../document/number.ts'

/** One trial of a tilt, as `results --rows` and the view `weighted` tell it. */
export interface WeightedRow {
  /** Index of the cell in its sweep. */
  readonly cell: number
  readonly trial: number
  /** The weight of its noise if it escaped, else 0. */
  readonly value: number
  readonly log_ratio: number
  /** The named exit; null for none, and "" of an escape without names. */
  readonly exit: string | null
  readonly escaped_at: number | null
  readonly steps: number
}

export const weightedColumns = [
  'cell',
  'trial',
  'value',
  'log_ratio',
  'exit',
  'escaped_at',
  'steps',
] as const satisfies readonly (keyof WeightedRow)[]

/** The row in plain JSON. */
export function weightedJson(row: WeightedRow): Record<(typeof weightedColumns)[number], unknown> {
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
