import type { PreparedSet } from '@driftfarm/spec'
import { checkShape, count, decimal, findingShape, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { originShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

const indices = z.array(count)

const pilotShape = z.strictObject({
  cells: indices,
  /** Number of trials and replicas. Many of them are stopped early. */
  trials: count,
  cpuSeconds: nonNegative,
})
export type PilotData = Plain<z.infer<typeof pilotShape>>

const plannedCellShape = originShape.extend({
  trials: count,
  done: count,
  /** Why a run would or would not compute trials of the cell. */
  reason: z.string(),
})
export type PlannedCell = Plain<z.infer<typeof plannedCellShape>>

const plannedChecksShape = z.strictObject({ index: count, checks: z.array(checkShape) })
export type PlannedChecks = Plain<z.infer<typeof plannedChecksShape>>

/**
 * `width` is computed as if the count of events were equal to its expectation. Values are null if there is no
 * solution, or if the probability is unknown.
 */
const cellSizingShape = z.strictObject({
  index: count,
  probability: share.nullable(),
  from: z
    .enum(['given', 'stored', 'pilot', 'worst', 'unknown'])
    .describe(
      'Source of the probability. given: the user. stored: stored trials. pilot: pilot trials. worst: 1/2, where the ' +
        'interval is widest. unknown: a relative width needs a probability, and none is known.',
    ),
  trials: count.nullable(),
  confidence: share.nullable(),
  width: share.nullable().describe('Width of the interval, high - low.'),
  /** Null if the probability is 0. */
  relative: nonNegative.nullable().describe('Relative half-width: (high - low)/2 divided by the probability.'),
})
export type CellSizing = Plain<z.infer<typeof cellSizingShape>>

const sizingShape = z
  .strictObject({
    estimate: z.string(),
    sought: z.enum(['width', 'confidence', 'trials']),
    cells: z.array(cellSizingShape),
  })
  .describe(
    'Width, confidence and number of trials of the first cells. Two of these quantities are given; `sought` names ' +
      'the third, which is computed.',
  )
export type SizingData = Plain<z.infer<typeof sizingShape>>

const recommendedShape = z.strictObject({
  cell: count,
  method: z.enum(['direct', 'splitting']),
  /** Null if no trial of the pilot escaped. */
  probability: share.nullable().describe('Rough estimate of the probability of escape.'),
  /** A time is null if the pilot cannot estimate it. */
  seconds: z
    .strictObject({ direct: nonNegative.nullable(), splitting: nonNegative.nullable() })
    .describe('CPU time for a relative error of 10 %.'),
  reason: z.string(),
})
export type Recommended = Plain<z.infer<typeof recommendedShape>>

const plannedDataShape = z
  .strictObject({
    samples: count,
    inputs: z
      .array(z.string())
      .describe(
        'Names of the inputs, in order. The input `colour=red` is 1 if the value of `colour` is `red`, else 0.',
      ),
    dropped: count.describe('Lines left out because a value was missing.'),
    filled: z.array(z.strictObject({ column: z.string(), count, value: z.number() })),
    scaled: z.enum(['standard', 'range']).nullable(),
    constant: z.array(z.string()).describe('Columns with a constant value, which scaling sets to 0.'),
  })
  .describe('How the samples are preprocessed before the cells use them.')
export type PlannedData = Plain<z.infer<typeof plannedDataShape>>

const designShape = z
  .strictObject({
    kind: z.enum(['sobol', 'latin']),
    points: count,
    axes: z.array(z.string()).describe('Paths of the axes, in order.'),
  })
  .describe(
    'Points that fill a box over several axes evenly. Each point is combined with all values of the other axes; ' +
      '`where` removes some combinations.',
  )

export const planShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, seed: true }),
  cells: count,
  /** An upper limit if stopping rules may end cells earlier. */
  trials: decimal,
  upperBound: z
    .boolean()
    .describe('Whether `trials` is only an upper limit, because stopping rules may end cells earlier.'),
  batches: count.nullable().describe('Number of batches; null without a pilot.'),
  cpuSeconds: nonNegative
    .nullable()
    .describe('Remaining CPU time, database included, if no trial ends early; null without a pilot.'),
  ledgerSeconds: nonNegative
    .optional()
    .describe('Part of cpuSeconds spent on dispatching, storing and summing batches; absent without a pilot.'),
  pilot: pilotShape
    .nullable()
    .describe(
      'Trials computed on this machine to estimate times and choose methods; they are not stored. null with ' +
        '--no-pilot.',
    ),
  done: z
    .strictObject({ trials: decimal, share })
    .describe('Trials that are already stored, including those from other sweeps, and their share of `trials`.'),
  disk: z
    .strictObject({
      rows: count.describe('Maximum number of recorded outcomes.'),
      bytes: count.describe('Approximate number of bytes of cells, batches, recorded outcomes and data.'),
    })
    .describe('Storage in the database, including shared cells, once all trials of this sweep are done.'),
  perCell: z.array(plannedCellShape).describe('The first cells.'),
  checks: z
    .array(plannedChecksShape)
    .describe('Checks that need no trials, for the first cell, the last cell and some cells between them.'),
  data: z.exactOptional(z.array(plannedDataShape).describe('The preprocessed data sets, each listed once.')),
  designs: z.exactOptional(z.array(designShape)),
  findings: z
    .array(findingShape)
    .describe('Findings of `checks` with a verdict other than `good`: each listed once, worst first.'),
  search: z.exactOptional(
    z
      .strictObject({
        lines: count.describe(
          'Number of lines. Each line is one combination of values of the axes that are not searched.',
        ),
        points: count.describe('Grid points in each line.'),
        first: count.describe('Grid points in each line that are always visited.'),
      })
      .describe('Search for a threshold; absent if none is requested.'),
  ),
  sizing: z.exactOptional(sizingShape),
  recommended: z.exactOptional(
    z
      .array(recommendedShape)
      .describe('The method that needs the least CPU time, according to a pilot run of the first and the last cell.'),
  ),
})
export type PlanData = Plain<z.infer<typeof planShape>>
export type PlanDocument = Envelope<'Plan', PlanData>

/** The preprocessing of a data set, as the plan reports it. */
export function plannedData({ rows, prepared }: PreparedSet): PlannedData {
  const { inputs, dropped, filled, scaled } = prepared
  return {
    samples: rows,
    inputs,
    dropped,
    filled: filled.map(([column, { count, value }]) => ({ column, count, value })),
    scaled: scaled?.kind ?? null,
    constant: scaled?.constant ?? [],
  }
}
