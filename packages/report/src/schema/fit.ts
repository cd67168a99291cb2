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

const number: JsonSchema = { type: 'number' }
const real: JsonSchema = { anyOf: [number, { enum: ['NaN', 'Infinity', '-Infinity'] }] }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const parameter = object({ value: real, low: real, high: real })

/** JSON Schema of the document that `results --fit --json` prints. */
export const fitSchema: JsonSchema = documentSchema(
  'Fit',
  object({
    sweep: object({ id: cellId, name: text }),
    formula: text,
    estimate: text,
    method: { description: 'Of the fitted cells.', enum: ['direct', 'splitting', 'tilt'] },
    link: { description: 'What is linear: the estimate or its logarithm.', enum: ['log', 'identity'] },
    against: text,
    family: {
      description:
        'binomial: events among trials; poisson: events over steps at risk; normal: means of replicas of splitting, or of the weights of a tilt.',
      enum: ['binomial', 'poisson', 'normal'],
    },
    confidence: share,
    slope: parameter,
    intercept: parameter,
    arrhenius: {
      description:
        'Of a logarithm against 1 over a temperature: -slope, times what the noise really has of that temperature, and exp(intercept); null where theory does not know it.',
      ...orNull(object({ barrier: parameter, prefactor: parameter })),
    },
    temperature: {
      description: 'Whether -slope is a barrier; null where the formula does not speak of temperatures.',
      ...orNull(
        object({
          share: {
            description: 'The real temperature of the noise times what the line is against: 1 where that is 1 over it.',
            ...orNull(object({ low: number, high: number })),
          },
          slopeIsBarrier: { type: 'boolean' },
          text,
          mend: orNull(text),
        }),
      ),
    },
    deviance: nonNegative,
    freedom: count,
    pValue: { description: 'Chi-square tail of the deviance; null without degrees of freedom.', ...orNull(share) },
    dispersion: { description: 'Pearson’s chi-square over its degrees of freedom.', ...orNull(nonNegative) },
    scale: {
      description: 'What the squared widths of the limits were multiplied by: the dispersion where it is above 1.',
      ...nonNegative,
    },
    cells: {
      type: 'array',
      items: object({
        index: count,
        params: mapOf({}),
        x: number,
        events: count,
        exposure: { description: 'Trials, or steps at risk.', ...integerOrDecimal },
        observed: nonNegative,
        fitted: nonNegative,
        residual: number,
      }),
    },
  }),
)
