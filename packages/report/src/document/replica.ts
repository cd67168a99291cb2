import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { renderRecords, type TableOptions, uncoloured } from '../format/table.ts'
import { define } from './define.ts'
import { integer, integerShape, real } from './number.ts'
import { replayedShape, replayedTable } from './replayed.ts'
import { trialShape } from './trial.ts'

/** One replica of a splitting cell, with the columns of `results --rows` and of the view `replica`. */
export const replicaShape = z.strictObject({
  cell: trialShape.shape.cell,
  replica: count,
  estimate: nonNegative.describe('Estimate of the probability of escape; 0 if all particles died out.'),
  weight: share.describe('Product of the shares of particles that survived, one share for each level.'),
  levels: count.describe('Number of levels at which particles were killed.'),
  escaped: count.describe('Number of particles that escaped.'),
  steps: integerShape.describe('Steps computed, over all particles.'),
  exits: z.record(z.string(), count).describe('Number of particles that took each named exit.'),
})

const replayedReplicaShape = replicaShape.extend({
  ladder: z
    .array(
      z.strictObject({
        score: z.number().describe('Particles whose scores never exceeded this value were killed.'),
        killed: count,
        weight: share.describe(
          'Product of the shares of particles that survived, one share for each level up to and including this one.',
        ),
      }),
    )
    .describe('The levels, ascending.'),
  ...replayedShape,
})
type ReplayedReplica = Plain<z.infer<typeof replayedReplicaShape>>

/** What `replay` prints for a splitting cell. */
export const replica = define('Replica', replayedReplicaShape, {
  table: (data, options) =>
    replayedTable(data, options) + (data.ladder.length === 0 ? '' : `\n${ladderTable(data.ladder, options)}`),
})

const shownLevels = 10

function ladderTable(ladder: ReplayedReplica['ladder'], options?: TableOptions): string {
  const rows = ladder.map(({ score, killed, weight }, i) => [i + 1, score, killed, weight] as const)
  const long = rows.length > 2 * shownLevels + 1
  const shown = long
    ? [...rows.slice(0, shownLevels), ['..', '..', '..', '..'] as const, ...rows.slice(-shownLevels)]
    : rows
  return renderRecords(['level', 'score', 'killed', 'weight'], shown, uncoloured(options))
}

export type ReplicaRow = Plain<z.infer<typeof replicaShape>> & { readonly steps: number }

export function replicaJson(row: ReplicaRow): Record<keyof ReplicaRow, unknown> {
  return { ...row, estimate: real(row.estimate), weight: real(row.weight), steps: integer(row.steps) }
}
