import type { RecordColumn } from './table.ts'
import { oneLine } from './text.ts'

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^-Infinity$/i

/**
 * One line of CSV (RFC 4180, but ended by a line feed). If a spreadsheet would run a text as a formula, the text gets
 * an apostrophe in front. Names in a sweep come from its author, who may be malicious.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\n`
}

function csvField(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = typeof value === 'string' ? value : oneLine(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Each column is a title and what it shows of a record. */
export function* csvLines<Item>(records: readonly Item[], columns: readonly RecordColumn<Item>[]): Generator<string> {
  yield csvLine(columns.map(([title]) => title))
  for (const [at, record] of records.entries()) yield csvLine(columns.map(([, of]) => of(record, at)))
}
