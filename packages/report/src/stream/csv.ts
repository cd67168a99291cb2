import { oneLine } from '../table/text.ts'

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^-Infinity$/i

/**
 * One line of CSV (RFC 4180, with a line feed). Text that a spreadsheet would run as a formula gets an apostrophe in
 * front: a sweep's names are its author's, not the reader's.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(field).join(',')}\n`
}

function field(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = typeof value === 'string' ? value : oneLine(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Records that all have these columns, with a line of their names. */
export function* csvLines<Column extends string>(
  columns: readonly Column[],
  records: Iterable<Readonly<Record<Column, unknown>>>,
): Generator<string> {
  yield csvLine(columns)
  for (const record of records) yield csvLine(columns.map((name) => record[name]))
}
