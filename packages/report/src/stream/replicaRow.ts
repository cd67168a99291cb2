import { integer, real } from '../document/number.ts'

/** One replica of a cell that splits, as `results --rows` and the view `replica` tell it. */
export interface ReplicaRow {
  /** Index of the cell in its sweep. */
  readonly cell: number
  readonly replica: number
  readonly estimate: number
  readonly weight: number
  readonly levels: number
  /** Particles that escaped in the end, and by which named exit. */
  readonly escaped: number
  readonly steps: number
  readonly exits: Readonly<Record<string, number>>
}

export const replicaColumns = [
  'cell',
  'replica',
  'estimate',
  'weight',
  'levels',
  'escaped',
  'steps',
  'exits',
] as const satisfies readonly (keyof ReplicaRow)[]

/** The row in plain JSON. */
export function replicaJson(row: ReplicaRow): Record<(typeof replicaColumns)[number], unknown> {
  return { ...row, estimate: real(row.estimate), weight: real(row.weight), steps: integer(row.steps) }
}
