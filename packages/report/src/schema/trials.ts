import {
  cellId,
  count,
  documentSchema,
  integerOrDecimal,
  type JsonSchema,
  mapOf,
  nonNegative,
  object,
  share,
  text,
} from './json.ts'

const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const real: JsonSchema = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] }
const step: JsonSchema = { description: 'null: never.', ...nullable(integerOrDecimal) }

const trial = {
  cell: { description: 'Index of the cell in its sweep.', ...count },
  trial: integerOrDecimal,
  end: { enum: ['escaped', 'converged', 'diverged', 'undecided'] },
  exit: nullable(text),
  settled: { description: 'The minimum in which it settled, or other.', ...nullable(text) },
  class: nullable(text),
  escaped_at: step,
  converged_at: step,
  steps: integerOrDecimal,
  loss: { description: 'At the last theta.', ...real },
  distance: { description: 'Of the last theta to the start.', ...real },
  marks: { description: 'First step of each mark.', ...mapOf(step) },
} satisfies Record<string, JsonSchema>

const replica = {
  cell: trial.cell,
  replica: count,
  estimate: { description: 'Of the probability of escape; 0 where it died out.', ...nonNegative },
  weight: { description: 'Product over the levels of the share of particles that was left.', ...share },
  levels: { description: 'At which particles were killed.', ...count },
  escaped: { description: 'Particles that escaped in the end.', ...count },
  steps: { description: 'Computed, by all particles.', ...integerOrDecimal },
  exits: { description: 'Particles that took each named exit.', ...mapOf(count) },
} satisfies Record<string, JsonSchema>

const weighted = {
  cell: trial.cell,
  trial: integerOrDecimal,
  value: { description: 'The weight of its noise if it escaped, else 0.', ...real },
  log_ratio: { description: 'Logarithm of the density of its noise under the tilt over the original one.', ...real },
  exit: trial.exit,
  escaped_at: trial.escaped_at,
  steps: trial.steps,
} satisfies Record<string, JsonSchema>

/** What a replay says besides. */
const replayed = {
  id: { description: 'Of the cell.', ...cellId },
  stored: {
    description: 'Whether its record is kept; then it equals what was computed now.',
    enum: ['equal', 'not kept'],
  },
} satisfies Record<string, JsonSchema>

/** What `replay --json` prints of a direct cell. */
export const trialSchema: JsonSchema = documentSchema(
  'Trial',
  object(
    { ...trial, ...replayed },
    {
      control: {
        description: 'Of the control: the cell without its noise. stored: by the digest of all its trials.',
        const: true,
      },
    },
  ),
)

/** The same of a cell that splits. */
export const replicaSchema: JsonSchema = documentSchema(
  'Replica',
  object({
    ...replica,
    ladder: {
      description: 'The levels, ascending.',
      type: 'array',
      items: object({
        score: { description: 'Particles with no score above it were killed.', type: 'number' },
        killed: count,
        weight: { description: 'Product of the shares left, this level included.', ...share },
      }),
    },
    ...replayed,
  }),
)

/** The same of a tilt. */
export const weightedSchema: JsonSchema = documentSchema('Weighted', object({ ...weighted, ...replayed }))

/** What `results --rows --json` prints, and `sql --json`. */
export const rowsSchema: JsonSchema = documentSchema('Rows', {
  anyOf: [
    object({ rows: { description: 'One a kept trial.', type: 'array', items: object(trial) } }),
    object({
      rows: { description: 'One a kept replica, where all cells split.', type: 'array', items: object(replica) },
    }),
    object({
      rows: { description: 'One a kept trial, where all cells are tilts.', type: 'array', items: object(weighted) },
    }),
    object({
      columns: { type: 'array', items: text },
      rows: { description: 'Of a query, by the names of its columns.', type: 'array', items: { type: 'object' } },
    }),
  ],
})
