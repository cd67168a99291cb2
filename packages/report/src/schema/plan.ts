import { check, finding } from './check.ts'
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

const recommended: JsonSchema = {
  description: 'Of a pilot run of the first and the last cell: which method answers them for the least computing.',
  type: 'array',
  items: object({
    cell: count,
    method: { enum: ['direct', 'splitting'] },
    probability: { description: 'Of escape, roughly.', ...orNull(share) },
    seconds: {
      description: 'Thread time for a relative error of 10 %.',
      ...object({ direct: orNull(nonNegative), splitting: orNull(nonNegative) }),
    },
    reason: text,
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
      batches: { description: 'Null without a pilot.', ...orNull(count) },
      cpuSeconds: {
        description: 'Thread time still to be spent, at most; null without a pilot.',
        ...orNull(nonNegative),
      },
      pilot: {
        description:
          'What was computed on this machine to tell times and methods; nothing of it is stored. Null: --no-pilot.',
        ...orNull(object({ cells: { type: 'array', items: count }, trials: count, cpuSeconds: nonNegative })),
      },
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
      checks: {
        description: 'What can be said of cells without a trial: of the first, the last, and some between.',
        type: 'array',
        items: object({ index: count, checks: { type: 'array', items: check } }),
      },
      findings: {
        description: 'What they say beside what is good: each once, worst first.',
        type: 'array',
        items: finding,
      },
    },
    { sizing, recommended },
  ),
)
