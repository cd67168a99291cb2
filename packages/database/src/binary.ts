/** The beginning of 2000, from which PostgreSQL counts microseconds, in ms. */
const epochMs = Date.UTC(2000, 0, 1)

const textType = 25

/**
 * Rows in COPY BINARY, one after the other in one buffer: a row is its number of fields (int16), and each field its
 * length (int32) and its bytes, all big-endian. An array is dimensions, 0, element type, then (size, lower bound) of
 * each dimension, then its elements as fields. In one buffer, since an object for each field of 10^6 rows would cost
 * more than all else.
 */
export class BinaryRows {
  #out = Buffer.allocUnsafe(65_536)
  #at = 0

  /** The rows so far. */
  get bytes(): Uint8Array {
    return this.#out.subarray(0, this.#at)
  }

  /** Their length in bytes. */
  get length(): number {
    return this.#at
  }

  /** Begins a row; as many fields must follow. */
  row(fields: number): this {
    this.#reserve(2)
    this.#at = this.#out.writeInt16BE(fields, this.#at)
    return this
  }

  int4(value: number): this {
    this.#head(4)
    this.#at = this.#out.writeInt32BE(value, this.#at)
    return this
  }

  int8(value: number): this {
    this.#head(8)
    const high = Math.floor(value / 4_294_967_296)
    this.#at = this.#out.writeInt32BE(high, this.#at)
    this.#at = this.#out.writeUInt32BE(value - high * 4_294_967_296, this.#at)
    return this
  }

  float8(value: number): this {
    this.#head(8)
    this.#at = this.#out.writeDoubleBE(value, this.#at)
    return this
  }

  /** A text, or the text of a json value; null is a field without a value. */
  text(value: string | null): this {
    return value === null ? this.#null() : this.#text(value, '')
  }

  /** The binary form of jsonb is a version and its text. */
  jsonb(value: string): this {
    return this.#text(value, '\u0001')
  }

  timestamp(value: Date | null): this {
    return value === null ? this.#null() : this.int8(Math.round((value.getTime() - epochMs) * 1_000))
  }

  texts(values: readonly string[]): this {
    this.#reserve(64)
    const start = this.#at
    this.#at += 4
    this.#at = this.#out.writeInt32BE(values.length === 0 ? 0 : 1, this.#at)
    this.#at = this.#out.writeInt32BE(0, this.#at)
    this.#at = this.#out.writeInt32BE(textType, this.#at)
    if (values.length > 0) {
      this.#at = this.#out.writeInt32BE(values.length, this.#at)
      this.#at = this.#out.writeInt32BE(1, this.#at)
      for (const value of values) this.#text(value, '')
    }
    this.#out.writeInt32BE(this.#at - start - 4, start)
    return this
  }

  #null(): this {
    this.#reserve(4)
    this.#at = this.#out.writeInt32BE(-1, this.#at)
    return this
  }

  #text(value: string, before: string): this {
    this.#reserve(5 + 3 * value.length)
    const start = this.#at
    this.#at += 4
    if (before !== '') this.#at += this.#out.write(before, this.#at, 'latin1')
    this.#at += this.#out.write(value, this.#at)
    this.#out.writeInt32BE(this.#at - start - 4, start)
    return this
  }

  #head(length: number): void {
    this.#reserve(4 + length)
    this.#at = this.#out.writeInt32BE(length, this.#at)
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#out.length, this.#at + bytes))
    this.#out.copy(larger, 0, 0, this.#at)
    this.#out = larger
  }
}
