import {
  cellId,
  count,
  decimal,
  documentSchema,
  integerOrDecimal,
  type JsonSchema,
  object,
  share,
  text,
} from './json.ts'
import { sweepState } from './results.ts'

const point = object({
  step: count,
  escaped: { description: 'Trials that had escaped at this step or before.', ...count },
  value: { description: 'escaped / trials.', ...share },
  low: { description: 'Limits at this step alone.', ...share },
  high: share,
  bandLow: { description: 'Limits that hold at all steps together.', ...share },
  bandHigh: share,
})

const cell = object(
  {
    index: count,
    id: cellId,
    params: { description: 'Values of the swept paths.', type: 'object' },
    trials: integerOrDecimal,
    event: { enum: ['first escape', 'escape before converging'] },
    confidence: share,
    method: { type: 'string', pattern: '^(clopper-pearson|beta-binomial)(/[0-9]+)?$' },
    band: { type: 'string', pattern: '^dkw(-union)?(/[0-9]+)?$' },
    points: { type: 'array', items: point },
  },
  { simultaneous: { description: 'Cells that share 1 - confidence.', ...count } },
)

/** JSON Schema of the document that `results --curve --json` prints. */
export const curvesSchema: JsonSchema = documentSchema(
  'Curves',
  object({
    sweep: object({ id: cellId, name: text, state: sweepState, seed: decimal }),
    cells: { type: 'array', items: cell },
  }),
)
