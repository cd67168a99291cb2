import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { integer, integerShape, real, realShape } from './number.ts'
import { replayedShape, replayedTable } from './replayed.ts'

const stepShape = integerShape.nullable().describe('null: the event never happened.')

/** One trial, with the columns of `results --rows` and of the view `trial`. */
export const trialShape = z.strictObject({
  cell: count.describe('Index of the cell in its sweep.'),
  trial: integerShape,
  end: z.enum(['escaped', 'converged', 'diverged', 'undecided']),
  /** Null if the trial took no exit, or if the escape has no named exits. */
  exit: z.string().nullable(),
  settled: z.string().nullable().describe('The minimum in which the trial settled, or `other`.'),
  class: z.string().nullable(),
  escaped_at: stepShape,
  converged_at: stepShape,
  steps: integerShape,
  loss: realShape.describe('Loss at the last theta.'),
  distance: realShape.describe('Distance of the last theta from the start.'),
  marks: z.record(z.string(), stepShape).describe('For each mark, the first step at which its condition held.'),
})
type TrialRecord = Plain<z.infer<typeof trialShape>>

/** What `replay` prints for a direct cell. */
export const trial = define(
  'Trial',
  trialShape.extend({
    ...replayedShape,
    control: z.exactOptional(
      z
        .literal(true)
        .describe(
          'Present for a trial of the control run, which has no injected noise. The trials of this run are not ' +
            'stored, only their digest. The recomputed digest equals the stored one, so `stored` is "equal" for each ' +
            'trial that the digest covers.',
        ),
    ),
    controlTrials: z.exactOptional(
      count.describe('Number of trials that the stored digest of the control run covers; absent without a digest.'),
    ),
  }),
  { table: replayedTable },
)

type Whole = number | bigint

/** A trial before conversion to plain JSON. `exit` is "" if the escape has no named exits. */
export interface TrialRow extends Pick<TrialRecord, 'cell' | 'exit' | 'settled' | 'class'> {
  readonly trial: Whole
  readonly end: string
  readonly escaped_at: Whole | null
  readonly converged_at: Whole | null
  readonly steps: Whole
  readonly loss: number
  readonly distance: number
  readonly marks: Readonly<Record<string, Whole | null>>
}

/** NaN and infinities become text, integers beyond 2^53 become decimal strings. */
export function rowJson(row: TrialRow): TrialRecord {
  const step = (value: Whole | null) => (value === null ? null : integer(value))
  return {
    cell: row.cell,
    trial: integer(row.trial),
    end: row.end as TrialRecord['end'],
    exit: row.exit || null,
    settled: row.settled,
    class: row.class,
    escaped_at: step(row.escaped_at),
    converged_at: step(row.converged_at),
    steps: integer(row.steps),
    loss: real(row.loss),
    distance: real(row.distance),
    marks: Object.fromEntries(Object.entries(row.marks).map(([name, value]) => [name, step(value)])),
  }
}
