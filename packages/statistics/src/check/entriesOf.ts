/**
 * Returns the entries of a record of the premises in a fixed order: shorter names first, then alphabetically. Premises
 * stored by an earlier version have this order, because PostgreSQL sorted their keys. The keys of newer premises are in
 * the order in which they were computed. The texts about a cell must not depend on the version.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
