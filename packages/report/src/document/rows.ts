import * as z from 'zod'
import { type Rows, renderRowsCsv, renderRowsJson, renderRowsJsonl, renderRowsTable } from '../stream/renderRows.ts'
import { type DocumentShape, envelopeShape, type View } from './define.ts'
import { replicaShape } from './replica.ts'
import { trialShape } from './trial.ts'
import { weightedShape } from './weighted.ts'

const rowsShape = z.union([
  z.strictObject({ rows: z.array(trialShape).describe('One row per recorded trial.') }),
  z.strictObject({ rows: z.array(replicaShape).describe('One row per recorded replica, if all cells use splitting.') }),
  z.strictObject({
    rows: z
      .array(weightedShape)
      .describe('One row per recorded trial, with its importance weight, if all cells use a tilt.'),
  }),
  z.strictObject({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.unknown())).describe('Rows of a query, by column name.'),
  }),
])

export interface Streamed extends DocumentShape, Required<View<Rows>> {
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
