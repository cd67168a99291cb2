import * as z from 'zod'
import { quantity, words } from './field.ts'
import type { Frame } from './frame.ts'
import type { Range } from './range.ts'

/**
 * A key of a section: the schema of what a spec may write, and how a cell gets its value. `Input` is what is known
 * besides the document, such as the landscape.
 */
export interface Field<Schema extends z.ZodType = z.ZodType, Value = unknown, Input = never> {
  readonly schema: Schema
  readonly read: (frame: Frame, key: string, input: Input) => Value
}

/** The keys of a section in order. If the value of a key is read together with others, the key has only a schema. */
export type Table = Readonly<Record<string, Field | z.ZodType>>

type Shape<Fields extends Table> = {
  [Key in keyof Fields]: Fields[Key] extends Field<infer Schema> ? Schema : Fields[Key]
}
type Values<Fields extends Table> = {
  [Key in keyof Fields as Fields[Key] extends Field ? Key : never]: Fields[Key] extends Field<z.ZodType, infer Value>
    ? Value
    : never
}
type Readers<Fields extends Table> = { readonly [Key in keyof Values<Fields>]: () => Values<Fields>[Key] }
/** The intersection of the inputs of all keys. */
type InputOf<Fields extends Table> = {
  [Key in keyof Fields]: Fields[Key] extends Field<z.ZodType, unknown, infer Input> ? (input: Input) => void : never
}[keyof Fields] extends (input: infer Input) => void
  ? Input
  : never

const isField = (row: Field | z.ZodType): row is Field => 'read' in row

export function shapeOf<Fields extends Table>(fields: Fields): Shape<Fields> {
  const rows = Object.entries(fields).map(([key, row]) => [key, isField(row) ? row.schema : row])
  return Object.fromEntries(rows) as Shape<Fields>
}

/** For `collectParts`: functions that read the values of all keys that have a reader. */
export function readersOf<Fields extends Table>(
  fields: Fields,
  frame: Frame,
  ...[input]: unknown extends InputOf<Fields> ? [] : [input: InputOf<Fields>]
): Readers<Fields> {
  const readers: Record<string, () => unknown> = {}
  for (const [key, row] of Object.entries(fields))
    if (isField(row)) readers[key] = () => row.read(frame, key, input as never)
  return readers as Readers<Fields>
}

type Quantity = ReturnType<typeof quantity>

/** A key that needs no input. */
export interface PlainField<Schema extends z.ZodType, Value> {
  readonly schema: Schema
  readonly read: (frame: Frame, key: string) => Value
}

/** If the fallback is null, the value of a missing key is null. */
export function number(range: Range, description?: string, fallback?: number): PlainField<Quantity, number>
export function number(range: Range, description: string, fallback: null): PlainField<Quantity, number | null>
export function number(range: Range, description?: string, fallback?: number | null): PlainField<Quantity, unknown> {
  return {
    schema: quantity(range, description && withDefault(description, fallback)),
    read: (frame, key) =>
      fallback === null && frame.get(key) === undefined ? null : frame.number(key, range, fallback ?? undefined),
  }
}

/** One of several words. A missing key stands for the first word. */
export function word<const Word extends string>(list: readonly [Word, ...Word[]], description: string) {
  return {
    schema: words(...list).describe(withDefault(description, list[0])),
    read: (frame: Frame, key: string) => (frame.get(key) as Word | undefined) ?? list[0],
  }
}

export function flag(description: string, fallback: boolean) {
  return {
    schema: z.boolean({ error: 'true or false' }).describe(withDefault(description, fallback)),
    read: (frame: Frame, key: string) => (frame.get(key) as boolean | undefined) ?? fallback,
  }
}

/** A description that explains the default itself is left as it is. */
function withDefault(description: string, fallback: unknown): string {
  const isStated = fallback === undefined || fallback === null || /\bDefault\b/.test(description)
  return isStated ? description : `${description} Default ${fallback}.`
}
