import type { TableOptions } from '../table/renderRecords.ts'
import type { Definition, Pieces } from './define.ts'
import { real } from './number.ts'

/** What every `--json` document is wrapped in. */
export interface Envelope<Kind extends string = string, Data = unknown> {
  readonly schemaVersion: 1
  readonly kind: Kind
  readonly data: Data
  readonly warnings: readonly string[]
}

/** A document as JSON; what is infinite or not a number is text. */
export function documentJson(document: unknown): string {
  return JSON.stringify(document, (_, value) => (typeof value === 'number' ? real(value) : value))
}

export function envelope<Kind extends string, Data>(
  kind: Kind,
  data: Data,
  warnings: readonly string[] = [],
): Envelope<Kind, Data> {
  return { schemaVersion: 1, kind, data, warnings }
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/** Data of a kind as text; null where the kind has no such format. Only JSON holds the warnings. */
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
  // A text is itself iterable, letter by letter.
  return typeof text === 'string' ? [text] : text
}
