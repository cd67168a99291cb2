import { cellId, count, decimal, documentSchema, type JsonSchema, nonNegative, object, share, text } from './json.ts'

/** JSON Schema of the document that `plan --json` prints. */
export const planSchema: JsonSchema = documentSchema(
  'Plan',
  object({
    sweep: object({ id: cellId, name: text, seed: decimal }),
    cells: count,
    trials: decimal,
    upperBound: { description: 'Stop rules may end cells earlier.', type: 'boolean' },
    batches: count,
    cpuSeconds: nonNegative,
    done: object({ trials: decimal, share }),
    perCell: {
      description: 'The first cells.',
      type: 'array',
      items: object({ index: count, id: cellId, params: { type: 'object' }, trials: count, done: count, reason: text }),
    },
  }),
)
