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

/** A document: data of one kind, in the envelope that all kinds share. */
export interface Definition<Data, Kind extends string = string> extends DocumentShape, View<Data> {
  readonly kind: Kind
}

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

export function columnsOf<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>): (keyof Shape & string)[] {
  return Object.keys(shape)
}

/** The tables of all cells of a document, one below the other. */
export const cellByCell =
  <Cell>(render: (cell: Cell, options?: TableOptions) => string) =>
  ({ cells }: { readonly cells: readonly Cell[] }, options?: TableOptions): string =>
    cells.map((cell) => render(cell, options)).join('\n')
