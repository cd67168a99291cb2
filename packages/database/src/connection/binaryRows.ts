// This file loads neither pg nor Prisma, because it runs in the computing threads.

/** Element types of arrays, with their oids in PostgreSQL. */
const elements = { int2: 21, int4: 23, int8: 20, float8: 701, text: 25, json: 114 } as const

type Element = keyof typeof elements

/** Number of bytes before the elements of an array: length, dimensions, null flag, type, size and lower bound. */
export const headBytes = 24

/** Placeholder for the four-byte length that precedes a field. */
const roomForLength = '\0'.repeat(4)

/**
 * Rows in the format of COPY BINARY, one after the other in one buffer. A row consists of its number of fields (int16)
 * and the fields. A field consists of its length (int32) and its bytes. All numbers are big-endian. An array consists
 * of the number of dimensions, the null flag 0, the element type, the size and lower bound of each dimension, and its
 * elements as fields. Everything is in one buffer, because creating an object for each field of 10^6 rows would take
 * longer than the rest of the work.
 */
export class BinaryRows {
  #out: Buffer
  #view: DataView
  #at = 0

  /** `room`: initial size in bytes; the buffer grows as needed. */
  constructor(room = 65_536) {
    this.#out = Buffer.allocUnsafe(room)
    this.#view = viewOf(this.#out)
  }

  get bytes(): Buffer {
    return this.#out.subarray(0, this.#at)
  }

  get length(): number {
    return this.#at
  }

  /** Removes all rows. The bytes given out so far will be overwritten. */
  clear(): void {
    this.#at = 0
  }

  /** Starts a row of `fields` fields, which must follow. */
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

  /** Writes a field of type text or json. */
  text(value: string | null): this {
    return value === null ? this.#null() : this.#text(value, '')
  }

  /** Writes a jsonb value. Its binary form is a version byte, followed by its text. */
  jsonb(value: string): this {
    return this.#text(value, '\u0001')
  }

  texts(values: readonly (string | null)[], type: 'text' | 'json' = 'text'): this {
    return this.array(type, sizesOf(values), () => {
      if (!this.#textsAtOnce(values)) for (const value of values) this.text(value)
    })
  }

  numbers(values: ArrayLike<number | null> & Iterable<number | null>, type: 'int4' | 'int8' | 'float8'): this {
    return this.array(type, sizesOf(values), () => {
      for (const value of values) {
        if (value === null) this.#null()
        else this[type](value)
      }
    })
  }

  /** Writes an array with the given size of each dimension; `write` writes its elements. */
  array(type: Element, sizes: readonly number[], write: () => void): this {
    this.#reserve(headBytes + 8 * sizes.length)
    const start = this.#at
    this.#at += 4
    this.#int(sizes.length)
    this.#int(0)
    this.#int(elements[type])
    for (const size of sizes) {
      this.#int(size)
      this.#int(1)
    }
    write()
    this.#out.writeInt32BE(this.#at - start - 4, start)
    return this
  }

  /** Lets `write` write `bytes` bytes from offset `at` on, which is faster than many calls of the other methods. */
  fill(bytes: number, write: (out: DataView, at: number) => void): void {
    this.#reserve(bytes)
    write(this.#view, this.#at)
    this.#at += bytes
  }

  /**
   * If all texts are ASCII, writes them with a single call and returns true; otherwise writes nothing and returns
   * false. One call per text would take several times as long.
   */
  #textsAtOnce(values: readonly (string | null)[]): boolean {
    const text = roomForLength + values.map((value) => value ?? '').join(roomForLength)
    if (Buffer.byteLength(text) !== text.length) return false
    this.#reserve(text.length)
    this.#out.write(text, this.#at, 'latin1')
    for (const value of values) {
      this.#out.writeInt32BE(value?.length ?? -1, this.#at)
      this.#at += 4 + (value?.length ?? 0)
    }
    return true
  }

  #null(): this {
    this.#reserve(4)
    this.#int(-1)
    return this
  }

  /** Writes four bytes for which there is room. */
  #int(value: number): void {
    this.#at = this.#out.writeInt32BE(value, this.#at)
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
    this.#view = viewOf(larger)
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length)

/** An empty array has no dimensions. */
const sizesOf = ({ length }: ArrayLike<unknown>): readonly number[] => (length === 0 ? [] : [length])
