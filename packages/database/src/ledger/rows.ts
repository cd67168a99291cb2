import type { Prisma } from '../generated/client.ts'

/** A row of a model of schema.prisma. A test proves that the models agree with the migrations. */
export type RowOf<Model extends Prisma.ModelName> = Prisma.TypeMap['model'][Model]['payload']['scalars']

/** Connections of this package read bigint and Decimal as other types than Prisma does (`values.ts`). */
type Read<T> = T extends bigint
  ? number
  : T extends Prisma.Decimal
    ? string
    : T extends (infer E)[]
      ? readonly Read<E>[]
      : T

/**
 * The type of a row of hand-written SQL. If a field of the model is renamed, code that uses the old name no longer
 * compiles. `As` gives the types of JSON columns, or the possible values of text columns.
 */
export type Columns<
  Model extends Prisma.ModelName,
  Field extends keyof RowOf<Model>,
  As extends { [F in Field]?: unknown } = object,
> = {
  readonly [F in Field]: F extends keyof As ? As[F] : Read<RowOf<Model>[F]>
}

/** SQL: the select list of a row of type `Columns` from `table`, such as `b.first, b.cpu_seconds as "cpuSeconds"`. */
export const columns = <Model extends Prisma.ModelName>(
  table: string,
  ...fields: readonly (keyof RowOf<Model> & string)[]
): string =>
  fields
    .map((field) => {
      const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      return `${table}."${column}"${column === field ? '' : ` as "${field}"`}`
    })
    .join(', ')
