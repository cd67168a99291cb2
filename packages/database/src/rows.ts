import type { Prisma } from './generated/client.ts'

// The models of schema.prisma, of which a test proves that they are what the migrations make.
export type {
  BatchModel,
  CellModel,
  ContrastModel,
  DataModel,
  DataPartModel,
  DemandModel,
  EventBitsModel,
  LeaderModel,
  SweepModel,
  SweepNameModel,
  WorkerModel,
} from './generated/models.ts'

/**
 * A value as this package's connections read it (`values.ts`): where Prisma's client gives a bigint or a Decimal they
 * do not.
 */
type Read<T> = T extends bigint
  ? number
  : T extends Prisma.Decimal
    ? string
    : T extends (infer E)[]
      ? readonly Read<E>[]
      : T

/**
 * A row of hand-written SQL, from the model's fields: one that is renamed there fails the compiler here. `As` says what
 * a JSON column holds, or which words a text has.
 */
export type Columns<Model, Field extends keyof Model, As extends { [F in Field]?: unknown } = object> = {
  readonly [F in Field]: F extends keyof As ? As[F] : Read<Model[F]>
}

/** SQL: the list that selects such a row from `table`: `b.first, b.cpu_seconds as "cpuSeconds"`. */
export const columns = <Model>(table: string, ...fields: readonly (keyof Model & string)[]): string =>
  fields
    .map((field) => {
      const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      return `${table}."${column}"${column === field ? '' : ` as "${field}"`}`
    })
    .join(', ')
