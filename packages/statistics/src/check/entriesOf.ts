/**
 * Sorts the entries by length of name, then alphabetically, so that texts do not depend on the version that stored the
 * premises. PostgreSQL sorted the keys in this way in earlier versions; newer versions keep the order of computation.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
