/**
 * Sorts the entries by length of name, then alphabetically. Earlier versions of Drift Farm stored premises as jsonb,
 * which sorts names in this way; the present type, json, does not sort them. Sorting makes the texts independent of the
 * version that stored the premises.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
