import { integer, real } from '../document/number.ts'

/** One trial, as `results --rows` and the view `trial` tell it. */
export interface TrialRow {
  /** Index of the cell in its sweep. */
  readonly cell: number
  readonly trial: number | bigint
  readonly end: string
  /** The named exit; null for none, and "" of an escape without names. */
  readonly exit: string | null
  readonly settled: string | null
  readonly class: string | null
  readonly escaped_at: number | bigint | null
  readonly converged_at: number | bigint | null
  readonly steps: number | bigint
  readonly loss: number
  readonly distance: number
  /** First step of each mark, null where it was never true. */
  readonly marks: Readonly<Record<string, number | bigint | null>>
}

export const rowColumns = [
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
] as const satisfies readonly (keyof TrialRow)[]

/** The row in plain JSON: NaN and infinities as text, integers beyond 2^53 as decimal strings. */
export function rowJson(row: TrialRow): Record<(typeof rowColumns)[number], unknown> {
  const step = (value: number | bigint | null) => (value === null ? null : integer(value))
  return {
    cell: row.cell,
    trial: integer(row.trial),
    end: row.end,
    // The kernel knows the exit of an escape that is one condition by an empty name.
    exit: row.exit || null,
    settled: row.settled,
    class: row.class,
    escaped_at: step(row.escaped_at),
    converged_at: step(row.converged_at),
    steps: integer(row.steps),
    loss: real(row.loss),
    distance: real(row.distance),
    marks: Object.fromEntries(Object.entries(row.marks).map(([name, value]) => [name, step(value)])),
  }
}
