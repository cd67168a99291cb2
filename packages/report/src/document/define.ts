import type { Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import type { TableOptions } from '../table/renderRecords.ts'

/** Text, or its pieces as they are made. */
export type Text = string | Pieces
export type Pieces = Iterable<string> | AsyncIterable<string>

/** How data is shown other than as JSON. */
export interface View<Data> {
  /** For people. */
  readonly table: (data: Data, options?: TableOptions) => Text
  readonly csv?: (data: Data) => Text
  /** A JSON object a line. */
  readonly jsonl?: (data: Data) => Text
}

/**
 * Whatever is printed as JSON: its name, and the one shape that gives its type, its published schema and its validator.
 */
export interface Printed<Shape extends z.ZodType = z.ZodType> {
  readonly kind: string
  /** Of the whole that is printed. */
  readonly shape: Shape
}

/** A document: data of a kind in the envelope that all have. */
export interface Definition<Data, Kind extends string = string> extends Printed, View<Data> {
  readonly kind: Kind
}

/** The data of a shape, as its maker hands it out. */
export type DataOf<Shape extends z.ZodType> = Plain<z.infer<Shape>>

export function define<Kind extends string, Shape extends z.ZodType>(
  kind: Kind,
  data: Shape,
  view: View<DataOf<Shape>>,
): Definition<DataOf<Shape>, Kind> {
  return { kind, shape: envelopeShape(kind, data), ...view }
}

export function envelopeShape<Kind extends string, Shape extends z.ZodType>(kind: Kind, data: Shape) {
  return z.strictObject({
    schemaVersion: z.literal(1),
    kind: z.literal(kind),
    data,
    warnings: z.array(z.string()),
  })
}

/** Names of the columns of records of a shape, in its order. */
export function columnsOf<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>): (keyof Shape & string)[] {
  return Object.keys(shape)
}
