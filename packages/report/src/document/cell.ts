import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { cellStates } from './cells.ts'
import { idShape } from './origin.ts'
import { cellShape } from './results.ts'
import { stateShape, sweepShape } from './sweep.ts'

export const wholeCellShape = z.strictObject({
  sweep: sweepShape,
  cell: cellShape,
  state: z.enum(cellStates).describe('State of the cell, as in the document Cells.'),
  why: z.string().describe('Why the cell is running, waiting or done.'),
  resolved: z
    .record(z.string(), z.unknown())
    .describe('The resolved cell. The id of the cell is the hash of this object.'),
  data: z
    .strictObject({ hash: z.string(), rows: count, columns: count })
    .nullable()
    .describe('The data set of the cell; null if it has none.'),
  otherSweeps: z
    .array(z.strictObject({ id: idShape, name: z.string(), state: stateShape }))
    .describe('Other sweeps that contain the cell and share its trials; at most ten.'),
})
export type WholeCellData = Plain<z.infer<typeof wholeCellShape>>
