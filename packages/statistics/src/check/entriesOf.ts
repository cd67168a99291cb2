/**
 * The entries of a record in premises in a fixed order: shorter names first, then alphabetically. Premises stored by an
 * earlier version have this order (PostgreSQL sorted their keys), newer ones the order in which they were made. The
 * texts of a cell must not depend on it.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
