import type { Prisma } from '../generated/client.ts'

// The models of schema.prisma. A test proves that they agree with the migrations.
export type {
  BatchModel,
  BundleModel,
  CellModel,
  ContrastModel,
  DataModel,
  DataPartModel,
  EventBitsModel,
  LeaderModel,
  PendingModel,
  RequestModel,
  SweepModel,
  WorkerModel,
} from '../generated/models.ts'

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
export type Columns<Model, Field extends keyof Model, As extends { [F in Field]?: unknown } = object> = {
  readonly [F in Field]: F extends keyof As ? As[F] : Read<Model[F]>
}

/** SQL: the select list of a row of type `Columns` from `table`, such as `b.first, b.cpu_seconds as "cpuSeconds"`. */
export const columns = <Model>(table: string, ...fields: readonly (keyof Model & string)[]): string =>
  fields
    .map((field) => {
      const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      return `${table}."${column}"${column === field ? '' : ` as "${field}"`}`
    })
    .join(', ')
