/** The part of JSON Schema (draft 2020-12) that the documents need. */
export interface JsonSchema {
  readonly $schema?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly anyOf?: readonly JsonSchema[]
}

/** An object that has exactly these keys; those of `optional` may be absent. */
export function object(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  }
}

export function mapOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values }
}

export const text: JsonSchema = { type: 'string' }
export const count: JsonSchema = { type: 'integer', minimum: 0 }
export const share: JsonSchema = { type: 'number', minimum: 0, maximum: 1 }
export const nonNegative: JsonSchema = { type: 'number', minimum: 0 }
export const decimal: JsonSchema = {
  description: 'A 64-bit or longer integer, in decimal.',
  type: 'string',
  pattern: '^[0-9]+$',
}
export const integerOrDecimal: JsonSchema = { anyOf: [count, decimal] }
export const cellId: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{32}$' }

/** The envelope of every document. */
export function documentSchema(kind: string, data: JsonSchema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind,
    ...object({ schemaVersion: { const: 1 }, kind: { const: kind }, data, warnings: { type: 'array', items: text } }),
  }
}
