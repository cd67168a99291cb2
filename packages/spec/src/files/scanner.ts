import { composed } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'

const [tab, lineFeed, carriageReturn, space, quote, comma] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c]
const decoder = new TextDecoder()
export interface CsvRecord {
  /** The line on which the record begins, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads CSV (RFC 4180) in UTF-8, one record at a time. Commas separate the fields, a quote inside quotes is doubled,
 * and lines may end with LF, CR LF or CR. Empty lines and spaces around quotes are skipped. No library is used, so that
 * mistakes have a file, line, column and hint like all other mistakes in a spec. Fields are made only where they are
 * needed, since a file may have many millions.
 */
export class CsvScanner {
  /** The line on which the record begins, counted from 1. */
  line = 0
  /** The number of fields of the record. */
  count = 0
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  /** The text of a field with quotes; null for other fields. */
  readonly #quoted: (string | null)[] = []
  #at: number
  #nextLine = 1

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  }

  /** Reads the next record. Returns false at the end of the file. */
  next(): boolean {
    const { bytes } = this
    while (this.#at < bytes.length) {
      this.line = this.#nextLine
      this.count = 0
      do this.#readField()
      while (bytes[this.#at++] === comma)
      if (bytes[this.#at - 1] === carriageReturn && bytes[this.#at] === lineFeed) this.#at++
      this.#nextLine++
      if (this.count > 1 || this.#quoted[0] !== null || this.text(0).trim() !== '') return true
    }
    return false
  }

  text(index: number): string {
    return this.#quoted[index] ?? this.#decoded(this.#starts[index]!, this.#ends[index]!)
  }

  #readField(): void {
    const { bytes } = this
    if (this.count === limits.columns)
      this.#fail(this.line, `this line has more than ${limits.columns} values`, 'write one line for each sample')
    let start = this.#at
    while (bytes[this.#at] === space || bytes[this.#at] === tab) this.#at++
    const isQuoted = bytes[this.#at] === quote
    const text = isQuoted ? this.#readQuoted() : null
    if (isQuoted) start = this.#at
    else {
      let at = start
      while (at < bytes.length && bytes[at] !== comma && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++
      this.#at = at
    }
    this.#starts[this.count] = start
    this.#ends[this.count] = this.#at
    this.#quoted[this.count++] = text
  }

  #readQuoted(): string {
    const { bytes } = this
    const opened = this.#nextLine
    let field = ''
    for (;;) {
      const close = bytes.indexOf(quote, this.#at + 1)
      if (close < 0) this.#fail(opened, 'a quote is never closed', 'close it, or remove it')
      const part = this.#decoded(this.#at + 1, close)
      this.#nextLine += part.match(/\r\n|\r|\n/g)?.length ?? 0
      field += part
      this.#at = close + 1
      if (bytes[this.#at] !== quote) break
      field += '"'
    }
    while (bytes[this.#at] === space || bytes[this.#at] === tab) this.#at++
    const after = bytes[this.#at]
    if (after !== undefined && after !== comma && after !== lineFeed && after !== carriageReturn)
      this.#fail(this.#nextLine, 'there is text after a closing quote', 'double each quote that belongs to the text')
    return field
  }

  #decoded(start: number, end: number): string {
    let text = ''
    for (let at = start; at < end; at++) {
      const byte = this.bytes[at]!
      if (byte > 0x7f || at - start > 24) return composed(decoder.decode(this.bytes.subarray(start, end)))
      text += String.fromCharCode(byte)
    }
    return text
  }

  #fail(line: number, reason: string, hint: string): never {
    const place = { source: this.file, line, column: this.count + 1 }
    throw new Mistake('CSV', [], { reason, hint }, 'value', place)
  }
}

/** All records of a small file. */
export function* csvRecords(bytes: Uint8Array, file: string): Generator<CsvRecord, undefined> {
  const scanner = new CsvScanner(bytes, file)
  while (scanner.next())
    yield { line: scanner.line, fields: Array.from({ length: scanner.count }, (_, i) => scanner.text(i)) }
}
