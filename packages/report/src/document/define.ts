import type { Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import type { TableOptions } from '../format/table.ts'

/** A string, or its pieces as they are produced. */
export type Text = string | Pieces
export type Pieces = Iterable<string> | AsyncIterable<string>

/** How data is shown in formats other than JSON. */
export interface View<Data> {
  readonly table: (data: Data, options?: TableOptions) => Text
  readonly csv?: (data: Data) => Text
  /** One JSON object for each line. */
  readonly jsonl?: (data: Data) => Text
}

/**
 * Anything that is printed as JSON. Its type, its published schema and its validator follow from `shape`.
 */
export interface DocumentShape<Shape extends z.ZodType = z.ZodType> {
  readonly kind: string
  /** Includes the envelope. */
  readonly shape: Shape
}

export type DataOf<Shape extends z.ZodType> = Plain<z.infer<Shape>>

/** A document: data of one kind, in the envelope that all kinds share. */
export interface DataDefinition<Data, Kind extends string = string> extends DocumentShape {
  readonly kind: Kind
  /** Never set: it only carries the type. */
  readonly data?: Data
}

/** A document that commands print. */
export interface Definition<Data, Kind extends string = string> extends DataDefinition<Data, Kind>, View<Data> {}

export function define<Kind extends string, Shape extends z.ZodType>(
  kind: Kind,
  data: Shape,
): DataDefinition<DataOf<Shape>, Kind>
export function define<Kind extends string, Shape extends z.ZodType>(
  kind: Kind,
  data: Shape,
  view: View<DataOf<Shape>>,
): Definition<DataOf<Shape>, Kind>
export function define(kind: string, data: z.ZodType, view: object = {}): DocumentShape {
  return { kind, shape: envelopeShape(kind, data), ...view }
}

/** A document that is not printed in the envelope. */
export const withoutEnvelope = <Kind extends string, Shape extends z.ZodType>(kind: Kind, shape: Shape) => ({
  kind,
  shape,
})

export function envelopeShape<Kind extends string, Shape extends z.ZodType>(kind: Kind, data: Shape) {
  return z.strictObject({
    schemaVersion: z.literal(1),
    kind: z.literal(kind),
    data,
    warnings: z.array(z.string()),
  })
}

export function columnsOf<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>): (keyof Shape & string)[] {
  return Object.keys(shape)
}

/** The tables of all cells of a document, one below the other. */
export const cellByCell =
  <Cell>(render: (cell: Cell, options?: TableOptions) => string) =>
  ({ cells }: { readonly cells: readonly Cell[] }, options?: TableOptions): string =>
    cells.map((cell) => render(cell, options)).join('\n')

/** The data of a document, with warnings for its reader. */
export interface WithWarnings<Data> {
  readonly data: Data
  readonly warnings: readonly string[]
}

/** The envelope of every `--json` document. */
export interface Envelope<Kind extends string = string, Data = unknown> extends WithWarnings<Data> {
  readonly schemaVersion: 1
  readonly kind: Kind
}

export function envelope<Kind extends string, Data>(
  kind: Kind,
  data: Data,
  warnings: readonly string[] = [],
): Envelope<Kind, Data> {
  return { schemaVersion: 1, kind, data, warnings }
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/**
 * Returns the JSON Schema (draft 2020-12) of a document, as it is published. It describes the printed text, in which
 * infinities are strings.
 */
export function jsonSchema({ kind, shape }: DocumentShape): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(shape, { io: 'input', override: ({ jsonSchema }) => simplify(jsonSchema) })
  return { title: kind, ...schema }
}

/** The file name of a schema: `sweep-list` for `SweepList`. */
export const schemaName = ({ kind }: DocumentShape): string => kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()

/**
 * Removes parts without information: the bound of safe integers, the statement that keys are strings, and escapes of
 * slashes.
 */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.pattern !== undefined) schema.pattern = schema.pattern.replaceAll('\\/', '/')
  delete schema.propertyNames
}
