import * as z from 'zod'
import type { Printed } from './define.ts'

/** The published JSON Schema (draft 2020-12) of what is printed: of its text, in which infinities are strings. */
export function jsonSchema({ kind, shape }: Printed): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(shape, { io: 'input', override: ({ jsonSchema }) => simplify(jsonSchema) })
  return { title: kind, ...schema }
}

/** The name of its file: `sweep-list` of `SweepList`. */
export const schemaName = ({ kind }: Printed): string => kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()

/**
 * Without what says nothing: that an integer is one that a double holds, that keys are text, that a slash is a slash.
 */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.pattern !== undefined) schema.pattern = schema.pattern.replaceAll('\\/', '/')
  delete schema.propertyNames
}
