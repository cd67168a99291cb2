import { cellId, count, documentSchema, type JsonSchema, nonNegative, object, share, text } from './json.ts'

const number: JsonSchema = { type: 'number' }
const real: JsonSchema = { anyOf: [number, { enum: ['NaN', 'Infinity', '-Infinity'] }] }
const shareOf = object({ count, value: share, low: share, high: share })

const point = object({
  name: text,
  known: { description: 'The name that the cell gives to this point.', anyOf: [text, { type: 'null' }] },
  kind: { enum: ['minimum', 'saddle', 'flat', 'unsettled'] },
  loss: real,
  gradnorm: real,
  eigenvalues: {
    description: 'Of the Hessian; null where it is not finite.',
    anyOf: [object({ smallest: number, largest: number, negative: count, zero: count }), { type: 'null' }],
  },
  share: shareOf,
  first: { description: 'Trial index of the first descent that ended here.', ...count },
  damped: count,
  point: { type: 'array', items: number },
})

/** JSON Schema of the document that `minima --json` prints. */
export const minimaSchema: JsonSchema = documentSchema(
  'Minima',
  object({
    sweep: object({ name: text }),
    cells: {
      description: 'The first cell of each landscape with its starts.',
      type: 'array',
      items: object({
        index: count,
        id: cellId,
        params: { type: 'object' },
        start: text,
        dimension: count,
        descents: count,
        eta: nonNegative,
        gradient: nonNegative,
        steps: count,
        confidence: share,
        symmetry: text,
        tolerances: object({
          gradient: nonNegative,
          eigenvalue: nonNegative,
          merge: nonNegative,
          flatLoss: nonNegative,
        }),
        minima: { type: 'array', items: point },
        notMinima: { type: 'array', items: point },
        diverged: shareOf,
        unfinished: count,
      }),
    },
  }),
)
