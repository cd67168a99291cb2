import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { renderTable } from '../table/renderTable.ts'
import { standings } from './cells.ts'
import { define } from './define.ts'
import { idShape } from './origin.ts'
import { cellShape } from './results.ts'
import { stateShape, sweepShape } from './sweep.ts'

const wholeCellShape = z.strictObject({
  sweep: sweepShape,
  cell: cellShape,
  standing: z.enum(standings).describe('As in the document Cells.'),
  why: z.string().describe('Why it runs, waits or is done.'),
  resolved: z.record(z.string(), z.unknown()).describe('The cell itself, as its id is the hash of it.'),
  data: z.strictObject({ hash: z.string(), rows: count, columns: count }).nullable().describe('Its data set.'),
  heldBy: z
    .array(z.strictObject({ id: idShape, name: z.string(), state: stateShape }))
    .describe('Other sweeps that hold it: trials are shared. At most ten.'),
})
export type WholeCellData = Plain<z.infer<typeof wholeCellShape>>

/** One cell of a sweep with all that is known of it, over HTTP. */
export const cell = define('Cell', wholeCellShape, {
  table: ({ sweep, cell: own, why }, options) =>
    `${renderTable({ sweep, cells: [own], contrasts: [], findings: [] }, options)}${why}\n`,
})
