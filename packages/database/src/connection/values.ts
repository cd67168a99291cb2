import pg from 'pg'

/** Reads an int8 exactly: as a number if that is a safe integer, otherwise as a bigint. */
export function parseInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

const parseIntegers = (text: string): (number | bigint)[] =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(parseInteger)

/** The type parsers of this package's connections. A numeric stays a string, so that no digit is lost. */
export const values = new pg.TypeOverrides()
values.setTypeParser(pg.types.builtins.INT8, parseInteger)
values.setTypeParser(1016, parseIntegers) // int8[]

/** Parameters for `unnest`: for each of the fields, an array with its values in all rows. */
export const fieldsOf = <Row, Field extends keyof Row>(
  rows: readonly Row[],
  ...fields: readonly Field[]
): readonly Row[Field][][] => fields.map((field) => rows.map((row) => row[field]))

/**
 * Converts a value to JSON in which NaN and infinities are strings, such as "NaN". PostgreSQL reads these strings as
 * numbers, whereas `JSON.stringify` would write null. The slow replacer is used only if the value contains NaN or an
 * infinity.
 */
export function finiteJson(value: unknown): string {
  const text = JSON.stringify(value)
  return text.includes('null') && hasInfinite(value) ? JSON.stringify(value, finite) : text
}

/** A replacer for `JSON.stringify` that writes NaN and infinities as strings. */
const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) if (hasInfinite((value as Record<string, unknown>)[key])) return true
  return false
}
