import { cellId, count, documentSchema, type JsonSchema, mapOf, object, text } from './json.ts'

/** What `verify --json` prints when all holds; what does not is an error. */
export const verificationSchema: JsonSchema = documentSchema(
  'Verification',
  object({
    sweep: object({ id: cellId, name: text }),
    checks: {
      type: 'array',
      items: object({ name: text, checked: text, violations: { type: 'array', items: text, maxItems: 0 } }),
    },
  }),
)

/** What `doctor --json` prints. */
export const doctorSchema: JsonSchema = documentSchema(
  'Doctor',
  object({
    healthy: { type: 'boolean' },
    findings: {
      type: 'array',
      items: object({
        what: text,
        good: { description: 'False: something is to be done.', type: 'boolean' },
        state: {
          description: 'absent: not there yet, as it should be. due: a command is to be run first.',
          enum: ['good', 'absent', 'due', 'bad'],
        },
        found: text,
        hint: { anyOf: [text, { type: 'null' }] },
      }),
    },
  }),
)

/** What `db status --json` prints. */
export const databaseStatusSchema: JsonSchema = documentSchema(
  'DatabaseStatus',
  object({
    mode: { enum: ['embedded', 'farm'] },
    version: { description: 'Of the server.', ...text },
    migrations: { enum: ['current', 'behind', 'ahead'] },
    sizeBytes: count,
    outcomeBytes: { description: 'Of it, kept outcomes.', ...count },
    connections: object({ used: count, max: count }),
    settings: mapOf(text),
  }),
)

const place: JsonSchema = { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] }

const specErrors: JsonSchema = {
  description: 'Every mistake of a spec by line, at most 20; the fields beside it are those of the first.',
  type: 'array',
  minItems: 1,
  maxItems: 20,
  items: object({
    code: { type: 'string', pattern: '^[A-Z0-9_]+$' },
    message: text,
    path: { description: 'Dotted path into the spec; empty for the document itself.', ...text },
    line: { description: 'From 1; null for what an option says.', ...place },
    column: place,
    hint: text,
    value: { description: 'The wrong value as text.', anyOf: [text, { type: 'null' }] },
  }),
}

/** The line on standard error that a command with --json fails with. */
export const errorSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Error',
  ...object({
    error: object(
      {
        code: { type: 'string', pattern: '^[A-Z0-9_]+$' },
        message: text,
        hint: { anyOf: [text, { type: 'null' }] },
        path: { description: 'Place in the spec, where the failure has one.', anyOf: [text, { type: 'null' }] },
        retryable: { description: 'Worth trying again without changing anything.', type: 'boolean' },
      },
      { errors: specErrors },
    ),
  }),
}
