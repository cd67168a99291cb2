/*
 * COPY BINARY: a row is its number of fields (int16), and each field its length (int32) and its bytes, all big-endian.
 * An array is dimensions, 0, element type, then (size, lower bound) of each dimension, then its elements as fields.
 */

/** One row; null is a field without a value. */
export function binaryRow(fields: readonly (Buffer | null)[]): Uint8Array {
  let size = 2
  for (const field of fields) size += 4 + (field?.length ?? 0)
  const out = Buffer.allocUnsafe(size)
  let at = out.writeInt16BE(fields.length, 0)
  for (const field of fields) {
    at = out.writeInt32BE(field === null ? -1 : field.length, at)
    if (field !== null) at += field.copy(out, at)
  }
  return out
}

export function int4(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export function float8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleBE(value)
  return bytes
}

/** A text, or the text of a json value. */
export const text = (value: string | null): Buffer | null => (value === null ? null : Buffer.from(value))

/** The binary form of jsonb is a version and its text. */
export const jsonb = (value: string): Buffer => Buffer.concat([Buffer.of(1), Buffer.from(value)])

/** The beginning of 2000, from which PostgreSQL counts microseconds, in ms. */
const epochMs = Date.UTC(2000, 0, 1)

export const timestamp = (value: Date | null): Buffer | null =>
  value === null ? null : int8(Math.round((value.getTime() - epochMs) * 1000))

const textType = 25
let lastTexts: readonly { readonly of: string; readonly bytes: Buffer }[] = []

/** An array of texts. The last few are kept, since neighbouring rows mostly have the same ones. */
export function texts(values: readonly string[]): Buffer {
  const of = JSON.stringify(values)
  const known = lastTexts.find((each) => each.of === of)
  if (known !== undefined) return known.bytes
  const size = values.length === 0 ? [] : [int4(values.length), int4(1)]
  const head = [int4(values.length === 0 ? 0 : 1), int4(0), int4(textType), ...size]
  const bytes = Buffer.concat([
    ...head,
    ...values.flatMap((value) => [int4(Buffer.byteLength(value)), Buffer.from(value)]),
  ])
  lastTexts = [{ of, bytes }, ...lastTexts.slice(0, 7)]
  return bytes
}
