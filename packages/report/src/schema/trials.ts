import { cellId, count, documentSchema, integerOrDecimal, type JsonSchema, mapOf, object, text } from './json.ts'

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

/** What `replay --json` prints. */
export const trialSchema: JsonSchema = documentSchema(
  'Trial',
  object({
    ...trial,
    id: { description: 'Of the cell.', ...cellId },
    stored: {
      description: 'Whether its record is kept; then it equals what was computed now.',
      enum: ['equal', 'not kept'],
    },
  }),
)

/** What `results --rows --json` prints, and `sql --json`. */
export const rowsSchema: JsonSchema = documentSchema('Rows', {
  anyOf: [
    object({ rows: { description: 'One a kept trial.', type: 'array', items: object(trial) } }),
    object({
      columns: { type: 'array', items: text },
      rows: { description: 'Of a query, by the names of its columns.', type: 'array', items: { type: 'object' } },
    }),
  ],
})
