import * as z from 'zod'
import { type Rows, renderRowsCsv, renderRowsJson, renderRowsJsonl, renderRowsTable } from '../stream/renderRows.ts'
import { envelopeShape, type Printed, type View } from './define.ts'
import { replicaShape } from './replica.ts'
import { trialShape } from './trial.ts'
import { weightedShape } from './weighted.ts'

const rowsShape = z.union([
  z.strictObject({ rows: z.array(trialShape).describe('One a kept trial.') }),
  z.strictObject({ rows: z.array(replicaShape).describe('One a kept replica, where all cells split.') }),
  z.strictObject({ rows: z.array(weightedShape).describe('One a kept trial, where all cells are tilts.') }),
  z.strictObject({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.unknown())).describe('Of a query, by the names of its columns.'),
  }),
])

export interface Streamed extends Printed, Required<View<Rows>> {
  readonly json: typeof renderRowsJson
}

/** What `results --rows` and `sql` print, written as the rows arrive. */
export const rows: Streamed = {
  kind: 'Rows',
  shape: envelopeShape('Rows', rowsShape),
  table: renderRowsTable,
  json: renderRowsJson,
  jsonl: renderRowsJsonl,
  csv: renderRowsCsv,
}
