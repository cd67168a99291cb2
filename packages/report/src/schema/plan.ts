import { cellId, count, decimal, documentSchema, type JsonSchema, nonNegative, object, share, text } from './json.ts'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const sizing: JsonSchema = {
  description: 'Where two of width, confidence and trials were given: the third, for the first cells.',
  ...object({
    estimate: text,
    sought: { enum: ['width', 'confidence', 'trials'] },
    cells: {
      type: 'array',
      items: object({
        index: count,
        probability: share,
        from: { description: 'worst: 1/2, of which the interval is widest.', enum: ['given', 'stored', 'worst'] },
        trials: orNull(count),
        confidence: orNull(share),
        width: { description: 'high - low.', ...orNull(share) },
        relative: { description: '(high - low)/2 over the probability.', ...orNull(nonNegative) },
      }),
    },
  }),
}

/** JSON Schema of the document that `plan --json` prints. */
export const planSchema: JsonSchema = documentSchema(
  'Plan',
  object(
    {
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
        items: object({
          index: count,
          id: cellId,
          params: { type: 'object' },
          trials: count,
          done: count,
          reason: text,
        }),
      },
    },
    { sizing },
  ),
)
