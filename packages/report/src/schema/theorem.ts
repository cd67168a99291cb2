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
const yesNo: JsonSchema = { type: 'boolean' }
const nothing: JsonSchema = { type: 'null' }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, nothing] })
const reason = object({ reason: text })

const bounds = object({
  stay: { description: 's_N, a lower bound of the probability of staying.', ...orNull(share) },
  escape: { description: '1 - s_N without subtraction.', ...orNull(share) },
  upper: { description: '1 - S_N(rho): the probability of leaving is at most this.', ...orNull(share) },
  lower: { description: '1 - S_N((1 - eta Lambda)_+): and at least this.', ...orNull(share) },
  error: nonNegative,
  missing: { description: 'Why upper or lower is not known.', ...orNull(text) },
  union: orNull(nonNegative),
  exponential: orNull(share),
  doob: orNull(nonNegative),
})

const forever = object({
  stay: share,
  escape: share,
  terms: count,
  tail: nonNegative,
  restart: object({
    atZero: share,
    half: orNull(nonNegative),
    measured: orNull(object({ rows: count, value: share, low: share, high: share })),
  }),
})

/** JSON Schema of the document that `theorem --json` prints. */
export const theoremSchema: JsonSchema = documentSchema(
  'Theorem',
  object({
    sweep: object({ name: text }),
    cells: {
      type: 'array',
      items: object({
        index: count,
        id: cellId,
        params: { type: 'object' },
        dimension: count,
        minimum: object({
          point: { type: 'array', items: number },
          name: orNull(text),
          loss: real,
          gradnorm: real,
          error: orNull(nonNegative),
        }),
        start: object({ distance: nonNegative, random: yesNo }),
        set: object({
          kind: { enum: ['ball', 'tube'] },
          among: { type: 'array', items: count },
          radius: nonNegative,
          chosen: { enum: ['option', 'escape', 'best'] },
        }),
        escape: object({
          kind: { enum: ['ball', 'misses', 'settles', 'none', 'unknown'] },
          ends: { enum: ['both', 'upper', 'none'] },
          text,
        }),
        curvature: object({
          radius: real,
          mu: real,
          lambda: real,
          meanMu: real,
          meanLambda: real,
          how: { enum: ['interval arithmetic', 'estimate'] },
        }),
        statement: { enum: ['additive', 'vanishing', 'none'] },
        conditions: {
          type: 'array',
          minItems: 3,
          maxItems: 3,
          items: object({ number: { enum: [1, 2, 3] }, holds: yesNo, numbers: mapOf(real), text }),
        },
        steps: count,
        bounds: orNull(bounds),
        vanishing: orNull(object({ alpha: real, stay: real, escape: real, text })),
        forever: { anyOf: [forever, reason] },
        leaves: { description: 'Every trial leaves in the end: P(tau < infinity) = 1.', ...yesNo },
        horizon: orNull(object({ delta: share, steps: real })),
        measure: text,
        measured: orNull(
          object({
            sweep: text,
            trials: integerOrDecimal,
            value: share,
            low: share,
            high: share,
            confidence: share,
            method: text,
            sameEvent: yesNo,
          }),
        ),
      }),
    },
  }),
)
