import { documentJson } from '../format/json.ts'
import type { TableOptions } from '../format/table.ts'
import type { Definition, Pieces } from './define.ts'

/** The envelope of every `--json` document. */
export interface Envelope<Kind extends string = string, Data = unknown> {
  readonly schemaVersion: 1
  readonly kind: Kind
  readonly data: Data
  readonly warnings: readonly string[]
}

/** The data of a document, with warnings for its reader. */
export interface WithWarnings<Data> {
  readonly data: Data
  readonly warnings: readonly string[]
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
