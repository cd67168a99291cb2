import { cellId, count, documentSchema, integerOrDecimal, type JsonSchema, object, text } from './json.ts'
import { estimate, sweepState } from './results.ts'

/** JSON Schema of the document that `results --best --json` prints. */
export const bestSchema: JsonSchema = documentSchema(
  'Best',
  object({
    sweep: object({ id: cellId, name: text, state: sweepState }),
    of: text,
    direction: { enum: ['max', 'min'] },
    among: { description: 'Cells that it was picked from.', ...count },
    cell: object({
      index: count,
      id: cellId,
      params: { description: 'Values of the swept paths.', type: 'object' },
      trials: integerOrDecimal,
    }),
    estimate: { ...estimate, description: 'As in the results: right for a cell that was chosen beforehand.' },
    simultaneous: {
      ...estimate,
      description: 'Right for all cells at once, and so for the one that was picked.',
    },
    contenders: {
      description: 'Other cells that may be as good: their simultaneous intervals reach into that of the best.',
      type: 'array',
      items: count,
    },
  }),
)
