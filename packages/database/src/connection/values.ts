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
