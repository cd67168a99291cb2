import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText } from '../format/quantity.ts'
import { define } from './define.ts'
import { sweepShape } from './fields.ts'

const reusedShape = z
  .strictObject({
    cells: count.describe('Cells that already have stored trials.'),
    trials: decimal.describe('Requested trials that are already stored and need not be computed.'),
    extended: count.describe(
      'Cells whose results may have been seen before this sweep was submitted. Their intervals are wider, ' +
        'since they must be valid at any number of trials.',
    ),
  })
  .describe('Stored trials that a new sweep reuses from other sweeps with the same cells; absent if there are none.')
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

/** Messages about reused trials; none if `reused` is null. */
export function reusedLines(reused: ReusedData | null): readonly string[] {
  if (reused === null) return []
  const { cells, trials, extended } = reused
  const lines = [
    `other sweeps have already stored ${trials} of the requested trials, in ${countText(cells, 'cell')}; ` +
      'these trials are reused',
  ]
  if (extended > 0)
    lines.push(
      `the results of ${countText(extended, 'cell')} may already have been seen, so their intervals are wider: ` +
        'they hold at any number of trials (beta-binomial)',
    )
  return lines
}
