import type { PreparedSet } from '@driftfarm/spec'
import { checkShape, count, decimal, findingShape, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { originShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

const indices = z.array(count)

/** The computation by which `plan` estimates times and chooses methods. */
const pilotShape = z.strictObject({
  /** Indices of the cells whose trials were computed. */
  cells: indices,
  /** Number of trials and replicas, many of them cut short. */
  trials: count,
  cpuSeconds: nonNegative,
})
export type PilotData = Plain<z.infer<typeof pilotShape>>

const plannedCellShape = originShape.extend({
  trials: count,
  done: count,
  /** Why the cell would run, or why not. */
  reason: z.string(),
})
export type PlannedCell = Plain<z.infer<typeof plannedCellShape>>

const plannedChecksShape = z.strictObject({ index: count, checks: z.array(checkShape) })
export type PlannedChecks = Plain<z.infer<typeof plannedChecksShape>>

/**
 * Sizes for a fixed number of trials, by the exact interval of the expected count. Null where it cannot be done, or
 * where nothing is known of the probability.
 */
const cellSizingShape = z.strictObject({
  index: count,
  probability: share.nullable(),
  from: z
    .enum(['given', 'stored', 'pilot', 'worst', 'unknown'])
    .describe(
      'given: by the user. stored, pilot: by trials that are stored, or of the pilot. worst: 1/2, of which the ' +
        'interval is widest. unknown: a relative width needs a probability, and none is known.',
    ),
  trials: count.nullable(),
  confidence: share.nullable(),
  width: share.nullable().describe('high - low.'),
  /** Null where the probability is 0. */
  relative: nonNegative.nullable().describe('(high - low)/2 over the probability.'),
})
export type CellSizing = Plain<z.infer<typeof cellSizingShape>>

const sizingShape = z
  .strictObject({
    /** The estimate whose probability is meant. */
    estimate: z.string(),
    sought: z.enum(['width', 'confidence', 'trials']),
    cells: z.array(cellSizingShape),
  })
  .describe('Where two of width, confidence and trials were given: the third, for the first cells.')
export type SizingData = Plain<z.infer<typeof sizingShape>>

const recommendedShape = z.strictObject({
  cell: count,
  method: z.enum(['direct', 'splitting']),
  /** Null where no trial of the pilot escaped. */
  probability: share.nullable().describe('Of escape, roughly.'),
  /** A time is null where the pilot does not tell it. */
  seconds: z
    .strictObject({ direct: nonNegative.nullable(), splitting: nonNegative.nullable() })
    .describe('Thread time for a relative error of 10 %.'),
  reason: z.string(),
})
export type Recommended = Plain<z.infer<typeof recommendedShape>>

const plannedDataShape = z
  .strictObject({
    samples: count,
    inputs: z.array(z.string()).describe('In order; colour=red: 1 where the column colour has the word red.'),
    dropped: count.describe('Lines that were left out because a value was missing.'),
    filled: z.array(z.strictObject({ column: z.string(), count, value: z.number() })),
    scaled: z.enum(['standard', 'range']).nullable(),
    constant: z.array(z.string()).describe('Columns of equal values, which scaling makes 0.'),
  })
  .describe('What was done to samples before the cells had them.')
export type PlannedData = Plain<z.infer<typeof plannedDataShape>>

const designShape = z
  .strictObject({
    kind: z.enum(['sobol', 'latin']),
    points: count,
    axes: z.array(z.string()).describe('Paths, in order.'),
  })
  .describe('Points that fill a box of several axes evenly; with other axes, and before `where`.')

export const planShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, seed: true }),
  cells: count,
  /** Over all cells; the largest possible number where stop rules may end cells. */
  trials: decimal,
  upperBound: z.boolean().describe('Stop rules may end cells earlier.'),
  batches: count.nullable().describe('Null without a pilot.'),
  cpuSeconds: nonNegative
    .nullable()
    .describe(
      'Processor time that is still to be spent if no trial ends early, database included; null without a pilot.',
    ),
  ledgerSeconds: nonNegative
    .optional()
    .describe('How much of cpuSeconds is for handing out, storing and summing up batches; absent without a pilot.'),
  pilot: pilotShape
    .nullable()
    .describe(
      'What was computed on this machine to tell times and methods; nothing of it is stored. Null: --no-pilot.',
    ),
  done: z
    .strictObject({ trials: decimal, share })
    .describe('Trials that are stored already, whichever sweep asked for them, and their share of `trials`.'),
  perCell: z.array(plannedCellShape).describe('The first cells.'),
  checks: z
    .array(plannedChecksShape)
    .describe('What can be said of cells without a trial: of the first, the last, and some between.'),
  data: z.exactOptional(z.array(plannedDataShape).describe('Data sets that were not taken as they are; each once.')),
  designs: z.exactOptional(z.array(designShape)),
  findings: z.array(findingShape).describe('What they say beside what is good: each once, worst first.'),
  search: z.exactOptional(
    z
      .strictObject({
        lines: count.describe('Cells of the other axes, in each of which a threshold is searched.'),
        points: count.describe('Points of the grid in each line.'),
        first: count.describe('Points of each line that are visited whatever is found.'),
      })
      .describe('Of a threshold; absent where none is asked for.'),
  ),
  sizing: z.exactOptional(sizingShape),
  recommended: z.exactOptional(
    z
      .array(recommendedShape)
      .describe('Of a pilot run of the first and the last cell: which method answers them for the least computing.'),
  ),
})
export type PlanData = Plain<z.infer<typeof planShape>>
export type PlanDocument = Envelope<'Plan', PlanData>

/** What was done to a data set, as the plan says it. */
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
