import { cellId, count, documentSchema, type JsonSchema, mapOf, nonNegative, object, text } from './json.ts'

const number: JsonSchema = { type: 'number' }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const answer = object({
  value: nonNegative,
  error: {
    description: 'Relative disagreement of two resolutions and boxes; absolute where the value is 0.',
    ...nonNegative,
  },
  method: { enum: ['nystrom', 'nystrom-gth', 'nystrom-aggregation'] },
})

/** JSON Schema of the document that `oracle --json` prints. */
export const oracleSchema: JsonSchema = documentSchema(
  'Oracle',
  object({
    sweep: object({ name: text }),
    cells: {
      type: 'array',
      items: object({
        index: count,
        id: cellId,
        params: { type: 'object' },
        refused: { description: 'Why nothing is known exactly.', ...orNull(text) },
        chain: {
          description: 'theta_{n+1} = theta_n - eta grad L(theta_n) + s xi, as it was followed; null if refused.',
          ...orNull(
            object({
              dimension: count,
              law: text,
              beta: { description: 'Of the momentum rule.', ...orNull(number) },
              eta: number,
              scale: { description: 's at n = 0.', ...number },
              temperature: { description: 's^2 / (2 eta) where it is constant.', ...orNull(number) },
            }),
          ),
        },
        answers: { description: 'By name of the estimate.', ...mapOf(answer) },
        missing: { description: 'Reason by name.', ...mapOf(text) },
        laws: { type: 'array' },
      }),
    },
  }),
)
