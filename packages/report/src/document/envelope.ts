import type { TableOptions } from '../table/renderRecords.ts'
import type { Definition, Pieces } from './define.ts'
import { real } from './number.ts'

/** The envelope of every `--json` document. */
export interface Envelope<Kind extends string = string, Data = unknown> {
  readonly schemaVersion: 1
  readonly kind: Kind
  readonly data: Data
  readonly warnings: readonly string[]
}

/** A document as JSON. NaN and infinities are written as text. */
export function documentJson(document: unknown): string {
  return hasUnbounded(document)
    ? JSON.stringify(document, (_, value) => (typeof value === 'number' ? real(value) : value))
    : JSON.stringify(document)
}

/**
 * Whether a value contains NaN or an infinity, which JSON lacks. This search is five times as fast as passing a
 * replacer to `JSON.stringify`, which calls the replacer for each value.
 */
function hasUnbounded(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasUnbounded)
  for (const key in value) if (hasUnbounded(value[key as keyof typeof value])) return true
  return false
}

export function envelope<Kind extends string, Data>(
  kind: Kind,
  data: Data,
  warnings: readonly string[] = [],
): Envelope<Kind, Data> {
  return { schemaVersion: 1, kind, data, warnings }
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/** Renders data as text in `format`; null if this kind of data lacks the format. Only JSON includes the warnings. */
export function renderDocument<Data>(
  definition: Definition<Data>,
  data: Data,
  {
    format,
    warnings = [],
    ...options
  }: TableOptions & { readonly format: Format; readonly warnings?: readonly string[] },
): Pieces | null {
  if (format === 'json') return [`${documentJson(envelope(definition.kind, data, warnings))}\n`]
  const text = definition[format]?.(data, options)
  if (text === undefined) return null
  // A string is wrapped, since iterating over it would yield single characters.
  return typeof text === 'string' ? [text] : text
}
