import { cellId, count, documentSchema, type JsonSchema, mapOf, nonNegative, object, text } from './json.ts'

const number: JsonSchema = { type: 'number' }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const answer = object({
  value: nonNegative,
  error: {
    description:
      'Relative disagreement of two resolutions and boxes, or of a finite sum its rounding; absolute where the value is 0.',
    ...nonNegative,
  },
  method: {
    enum: ['nystrom', 'nystrom-gth', 'nystrom-aggregation', 'radial-nystrom', 'radial-gth', 'finite', 'finite-gth'],
  },
})

const real: JsonSchema = { anyOf: [number, { enum: ['NaN', 'Infinity', '-Infinity'] }] }
const lawName: JsonSchema = {
  enum: ['eyring-kramers', 'discrete-kramers', 'freidlin-wentzell', 'heavy-tail', 'kesten'],
}
const law: JsonSchema = {
  anyOf: [
    object({
      name: lawName,
      applies: { const: true },
      quantities: {
        description: "By name: meanExitStep, ratePerStep, probability, barrier, ..; the unit of a pure number is ''.",
        ...mapOf(object({ value: real, unit: text })),
      },
      conditions: {
        description: "What the law assumes, with the cell's numbers.",
        type: 'array',
        items: text,
      },
      error: { description: 'Order of what the law leaves out.', ...text },
      source: text,
    }),
    object({ name: lawName, applies: { const: false }, reason: text }),
  ],
}

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
            object(
              {
                dimension: count,
                law: text,
                beta: { description: 'Of the momentum rule.', ...orNull(number) },
                eta: number,
                scale: { description: 's at n = 0.', ...number },
                temperature: { description: 's^2 / (2 eta) where it is constant.', ...orNull(number) },
              },
              {
                finite: {
                  description: 'Where trials come to finitely many points.',
                  ...object({
                    form: {
                      description: 'Of the drift; law and scale are then those of its first entry.',
                      enum: [
                        'none',
                        'several',
                        'additive',
                        'multiplicative',
                        'rate',
                        'flip',
                        'anisotropic',
                        'loss-scaled',
                      ],
                    },
                    points: { description: 'How many were found.', ...count },
                    apart: {
                      description: 'The largest distance, over their size, of two that were taken for one.',
                      ...nonNegative,
                    },
                  }),
                },
              },
            ),
          ),
        },
        answers: { description: 'By name of the estimate.', ...mapOf(answer) },
        missing: { description: 'Reason by name.', ...mapOf(text) },
        laws: { description: 'What asymptotic laws say, or why they say nothing.', type: 'array', items: law },
      }),
    },
  }),
)
