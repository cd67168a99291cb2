import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { sweepShape } from './sweep.ts'

const reusedShape = z
  .strictObject({
    cells: count.describe('Cells of which trials are stored already.'),
    trials: decimal.describe('Trials that are asked for and need not be computed.'),
    extended: count.describe('Cells whose results could be read before, so that their intervals are wider.'),
  })
  .describe('What a new sweep takes over from other sweeps that hold the same cells; absent where it is nothing.')
export type ReusedData = Plain<z.infer<typeof reusedShape>>

/** What `run --detach` prints. */
export const submitted = define(
  'Submitted',
  z.strictObject({
    sweep: sweepShape.pick({ id: true, name: true, state: true }),
    reused: z.exactOptional(reusedShape),
  }),
  { table: ({ sweep }) => `${sweep.name} ${sweep.id} ${sweep.state}\n` },
)

/** What is said of trials that are reused, in lines; `reused` is null where none are. */
export function reusedLines(reused: ReusedData | null): readonly string[] {
  if (reused === null) return []
  const { cells, trials, extended } = reused
  const lines = [`${trials} of its trials, in ${cellsText(cells)}, are stored already by other sweeps and are reused`]
  if (extended > 0)
    lines.push(
      `results of ${cellsText(extended)} could be read before: intervals will be those that hold at any number of ` +
        'trials (beta-binomial); they are wider',
    )
  return lines
}

const cellsText = (cells: number): string => (cells === 1 ? '1 cell' : `${cells} cells`)
