import { type ObservedValue, observedValueShape, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { csvLines } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { parameterText } from '../format/quantity.ts'
import { type RecordColumn, renderColumns } from '../format/table.ts'
import { define } from './define.ts'
import { integerShape, originShape, sweepShape } from './fields.ts'

const observedShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true }),
  cells: z.array(originShape.extend({ trials: integerShape, values: z.array(observedValueShape) })),
})
export type ObservedData = Plain<z.infer<typeof observedShape>>

interface Line extends ObservedValue {
  readonly cell: number
}

/** Whether a value is a point of a series: its time is a step. */
export const isSeriesPoint = ({ time }: Pick<ObservedValue, 'time'>): boolean => /^\d+$/.test(time)

export const observedLines = ({ cells }: ObservedData): readonly Line[] =>
  cells.flatMap(({ index, values }) => values.map((value) => ({ cell: index, ...value })))

const common: readonly RecordColumn<Line>[] = [
  ['cell', ({ cell }) => cell, 'right'],
  ['observation', ({ observation }) => observation],
  ['time', ({ time }) => time],
  ['trials', ({ mean }) => mean?.events ?? 0, 'right'],
]

const numbers: readonly RecordColumn<Line>[] = [
  ...common,
  ['not_finite', ({ notFinite }) => notFinite],
  ['mean', ({ mean }) => mean?.value],
  ['low', ({ mean }) => mean?.low],
  ['high', ({ mean }) => mean?.high],
  ['deviation', ({ mean }) => mean?.observed?.deviation],
  ['min', ({ mean }) => mean?.observed?.min],
  ...['0.05', '0.25', '0.5', '0.75', '0.95'].map(
    (share) => [`q${share}`, ({ mean }: Line) => mean?.observed?.quantiles[share]] as const,
  ),
  ['max', ({ mean }) => mean?.observed?.max],
]

/** What a table for readers shows of a value. */
export const shownColumns: readonly RecordColumn<Line>[] = [
  ...common,
  ['not finite', ({ notFinite }) => notFinite, 'right'],
  ['mean', ({ mean }) => meanText(mean)],
  ['5 % to 95 %', ({ mean }) => rangeText(mean?.observed?.quantiles)],
]

function meanText(mean: ObservedValue['mean']): string {
  if (mean === null) return ''
  return mean.low === mean.high ? short(mean.value) : parameterText(mean).join(' ')
}

function rangeText(quantiles: Readonly<Record<string, number>> | undefined): string {
  return quantiles === undefined ? '' : `${short(quantiles['0.05'])} to ${short(quantiles['0.95'])}`
}

const short = (value = Number.NaN): string => String(Number(value.toPrecision(4)))

/** What `results --observed` prints: means, quantiles and histograms of observed values. */
export const observed = define('Observed', observedShape, {
  table: (data, options) => renderColumns(options, observedLines(data), shownColumns),
  csv: (data) => csvLines(observedLines(data), numbers),
  jsonl: (data) => jsonLines(observedLines(data)),
})
