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
