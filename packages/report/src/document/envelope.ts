/** What every `--json` document is wrapped in. */
export interface Envelope<Kind extends string = string, Data = unknown> {
  readonly schemaVersion: 1
  readonly kind: Kind
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
