import { cellId, count, decimal, documentSchema, type JsonSchema, nonNegative, object, text } from './json.ts'
import { resultsSchema, sweepState } from './results.ts'

const timestamp: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }

const status = {
  id: cellId,
  name: text,
  state: sweepState,
  reason: { description: 'Why it is in this state; null where that needs no words.', anyOf: [text, { type: 'null' }] },
  cells: object({ done: count, open: count, failed: count }),
  trials: {
    description: 'Done: those that results show. Demanded: at most so many where a rule stops.',
    ...object({ done: decimal, demanded: decimal }),
  },
  batches: object({ ready: count, leased: count, done: count, failed: count }),
  events: { ...decimal, description: 'Escapes so far.' },
  steps: { ...decimal, description: 'Steps so far.' },
  worst: {
    description: 'The cell whose interval is widest for its value.',
    anyOf: [object({ cell: count, estimate: text, relative: nonNegative }), { type: 'null' }],
  },
  stopsByRule: { type: 'boolean' },
  rulesUnmet: { description: 'Cells that ended at their maximum with no rule met.', ...count },
  workers: count,
  threads: count,
  farm: {
    description:
      'Whether the farm can go on with it; null where no farm is waited for: it is at its end, or rests, or a `run` computes it by itself.',
    anyOf: [
      object({
        state: {
          description:
            'leaderless: no coordinator is heard of; workerless: no worker is; kernel: leader or workers are of another version; elsewhere: workers wait at another queue.',
          enum: ['works', 'leaderless', 'workerless', 'kernel', 'elsewhere'],
        },
        words: { description: 'What is wrong and what mends it; empty where nothing is.', type: 'string' },
      }),
      { type: 'null' },
    ],
  },
} satisfies Record<string, JsonSchema>

/** What `status SWEEP --json` prints, and `pause`, `resume`, `stop`, `cancel`, `retry` and `extend`. */
export const statusSchema: JsonSchema = documentSchema('Status', object(status))

/** What `list --json` prints, newest first. */
export const sweepListSchema: JsonSchema = documentSchema(
  'SweepList',
  object({
    sweeps: {
      type: 'array',
      items: object({
        id: cellId,
        name: text,
        state: sweepState,
        cells: count,
        trialsDone: decimal,
        trialsDemanded: decimal,
        submittedAt: timestamp,
        newest: { description: 'Whether the name means it.', type: 'boolean' },
        differs: {
          description:
            'Settings in which it differs from others of its name, of the newest five; empty where it has its name for itself.',
          type: 'array',
          items: object({ path: text, value: text }),
        },
      }),
    },
  }),
)

/** What `run --detach --json` prints. */
export const submittedSchema: JsonSchema = documentSchema(
  'Submitted',
  object({ sweep: object({ id: cellId, name: text, state: sweepState }) }),
)

/** What `rm --json` prints. */
export const removedSchema: JsonSchema = documentSchema(
  'Removed',
  object({
    sweep: object({ id: cellId, name: text }),
    cells: { description: 'Cells that no other sweep holds: they went too.', ...count },
  }),
)

/** A line of `watch --json`. The last one of a sweep that ended is its results. */
export const watchEventSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'WatchEvent',
  anyOf: [
    object({ type: { const: 'status' }, ...status }),
    object({ type: { const: 'result' }, ...resultsSchema.properties }),
  ],
}
