/**
 * The entries of a record in premises, in one order: shorter names first, then by their letters. Premises that were
 * stored by an earlier version have this order (PostgreSQL sorted their keys), newer ones that in which they were made;
 * what is said of a cell does not depend on it.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
