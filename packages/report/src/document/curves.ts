import type { CurvePoint, EscapeCurve } from '@driftfarm/statistics'
import type { Envelope } from './envelope.ts'
import type { Integer } from './number.ts'
import type { SweepSummary } from './results.ts'

export type CurvesDocument = Envelope<'Curves', CurvesData>

/** The curve of escapes of each cell that has an escape event and trials. */
export interface CurvesData {
  readonly sweep: Pick<SweepSummary, 'id' | 'name' | 'state' | 'seed'>
  readonly cells: readonly CellCurve[]
}

export interface CellCurve extends EscapeCurve {
  readonly index: number
  readonly id: string
  /** Values of the swept paths. */
  readonly params: Readonly<Record<string, unknown>>
  readonly trials: Integer
  readonly event: string
}

/** A point of a curve as one record, as `results --curve` writes it. */
export const curveColumns = [
  'cell',
  'step',
  'escaped',
  'value',
  'low',
  'high',
  'bandLow',
  'bandHigh',
] as const satisfies readonly ('cell' | keyof CurvePoint)[]

export type CurveRow = Readonly<Record<(typeof curveColumns)[number], number>>

export function* curveRows({ cells }: CurvesData): Generator<CurveRow> {
  for (const { index, points } of cells) for (const point of points) yield { cell: index, ...point }
}
