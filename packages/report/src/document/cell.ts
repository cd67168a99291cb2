import { count, type Plain, stoppedText } from '@driftfarm/statistics'
import * as z from 'zod'
import { grouped } from '../format/quantity.ts'
import { cellStates } from './cells.ts'
import { curveShape } from './curves.ts'
import { define } from './define.ts'
import { idShape, stateShape, sweepShape, unitsOf } from './fields.ts'
import { cellShape } from './results.ts'

const wholeCellShape = z.strictObject({
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
  curve: z.exactOptional(
    curveShape.describe('Share of escaped trials by step; absent if the cell has no curve in the document Curves.'),
  ),
})
export type WholeCellData = Plain<z.infer<typeof wholeCellShape>>

export const cell = define('Cell', wholeCellShape)

/** The batches of a cell that are running or waiting. */
interface CellWork {
  readonly running: number
  /** Number of batches that were dispatched but have not started. */
  readonly waiting: number
  readonly processes: readonly string[]
}

/** For example `32 replicas × 1,000 particles`. `count` is the number of trials as it is shown. */
export function trialsText(count: string, resolved: WholeCellData['resolved'], adjective = ''): string {
  // In a report file whose spec names other files, the resolved cell is not known.
  const { kind, particles } = (resolved.method ?? {}) as { readonly kind?: string; readonly particles?: number }
  const each = particles === undefined ? '' : ` × ${grouped(particles)} particles`
  return `${count} ${adjective}${unitsOf(kind)}${each}`
}

/** Says why a cell is running, waiting or done. `now` is null in a report file, where nothing can compute the cell. */
export function whyText(
  { state, cell, otherSweeps, resolved }: Pick<WholeCellData, 'state' | 'cell' | 'otherSweeps' | 'resolved'>,
  now: CellWork | null,
): string {
  const { trials, stopped } = cell
  const done = trialsText(String(trials), resolved)
  const shared =
    otherSweeps.length === 0
      ? ''
      : `; the trials of the cell are shared with ${otherSweeps.map(({ name }) => name).join(', ')}`
  if (state === 'met')
    return stopped === null || stopped.rule === 'trials'
      ? `Done: all ${trialsText(String(trials), resolved, 'requested ')} are stored${shared}.`
      : `Done: the cell ended at ${done} (${stoppedText(stopped)})${shared}.`
  if (state === 'max')
    return `Done: a limit (\`max\` or \`budget\`) ended the cell at ${done} before its stopping rule was met${shared}.`
  if (state === 'failed') return 'Failed: a batch was given up. Retry the sweep to compute the batch again.'
  if (now === null) return `Unfinished when this file was written: the cell had ${done} and needed more.`
  const { running, waiting, processes } = now
  if (state === 'running') {
    const are = running === 1 ? 'is' : 'are'
    return `Running: ${batches(running)} ${are} being computed by ${processes.join(', ')}${shared}.`
  }
  if (waiting > 0) return `Waiting: ${batches(waiting)} ${waiting === 1 ? 'is' : 'are'} dispatched but not started.`
  return trials === 0
    ? 'Waiting: no batch has been dispatched yet.'
    : `Waiting: the cell has ${done} and needs more${shared}.`
}

const batches = (count: number): string => (count === 1 ? 'one batch' : `${count} batches`)
