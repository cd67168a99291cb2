/**
 * Returns the entries of a record of the premises in a fixed order: shorter names first, then alphabetically. Thus, the
 * texts about a cell do not depend on the version that stored its premises. Earlier versions stored them in this order,
 * because PostgreSQL sorted their keys. Newer versions store the keys in the order in which they were computed.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
