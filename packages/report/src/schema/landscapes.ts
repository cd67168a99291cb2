import { count, documentSchema, type JsonSchema, mapOf, object, text } from './json.ts'

const number: JsonSchema = { type: 'number' }

const landscape = object({
  name: text,
  summary: text,
  kind: { const: 'formula' },
  dimension: count,
  variables: {
    description: 'null: coordinates are x[1] .. x[dimension].',
    anyOf: [{ type: 'array', items: text }, { type: 'null' }],
  },
  expression: text,
  parameters: {
    type: 'array',
    items: { type: 'array', prefixItems: [text, number], items: text, minItems: 2, maxItems: 2 },
  },
  data: { type: 'null' },
  batch: { type: 'null' },
  gradient: { description: 'Partial derivatives by name.', ...mapOf(text) },
  minima: { description: 'Points by name.', ...mapOf({ type: 'array', items: number }) },
  losses: { description: 'Of the minima, by name.', ...mapOf(number) },
  view: {
    description: 'Where to look at it: the range of the first coordinate, or of the first two.',
    type: 'array',
    items: { type: 'array', items: number, minItems: 2, maxItems: 2 },
  },
})

/** What `landscapes NAME --json` prints. */
export const landscapeSchema: JsonSchema = documentSchema('Landscape', landscape)

/** What `landscapes --json` prints. */
export const landscapeListSchema: JsonSchema = documentSchema(
  'LandscapeList',
  object({ landscapes: { type: 'array', items: landscape } }),
)
