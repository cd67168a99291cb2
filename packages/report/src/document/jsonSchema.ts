import * as z from 'zod'
import type { DocumentShape } from './define.ts'

/**
 * Returns the JSON Schema (draft 2020-12) of a document, as it is published. It describes the printed text, in which
 * infinities are strings.
 */
export function jsonSchema({ kind, shape }: DocumentShape): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(shape, { io: 'input', override: ({ jsonSchema }) => simplify(jsonSchema) })
  return { title: kind, ...schema }
}

/** The file name of a schema: `sweep-list` for `SweepList`. */
export const schemaName = ({ kind }: DocumentShape): string => kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()

/**
 * Removes parts without information: the bound of safe integers, the statement that keys are strings, and escapes of
 * slashes.
 */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.pattern !== undefined) schema.pattern = schema.pattern.replaceAll('\\/', '/')
  delete schema.propertyNames
}
