import { checkNames, verdicts } from '@driftfarm/statistics'
import { count, type JsonSchema, object, text } from './json.ts'

const answer = {
  name: { enum: [...checkNames] },
  verdict: {
    description:
      'note: true and worth knowing; doubtful: the number may mislead; wrong: it is not about what was asked.',
    enum: [...verdicts],
  },
  text,
  mend: { description: 'What to do about it.', anyOf: [text, { type: 'null' }] },
} satisfies Readonly<Record<string, JsonSchema>>

/** One answer to "should I believe this?". */
export const check: JsonSchema = object(answer)

/** The same answer of several cells, with ranges where its numbers differ. */
export const finding: JsonSchema = object({
  ...answer,
  cells: { description: 'Indices of the first of them.', type: 'array', items: count, maxItems: 20 },
  count: { description: 'How many cells.', ...count },
})
