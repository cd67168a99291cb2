import { countText } from '@driftfarm/formula'
import type { PreparedData } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { dataMistake, Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import {
  type ColumnFault,
  ColumnReader,
  type CsvColumn,
  isMissing,
  isNumber,
  type MissingWay,
  type Wanted,
} from './columnReader.ts'

interface CsvRecord {
  /** The line on which the record begins, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads CSV (RFC 4180) one record at a time. Commas separate the fields, a quote inside quotes is doubled, and lines
 * may end with LF, CR LF or CR. Empty lines and spaces around quotes are skipped. No library is used, so that mistakes
 * have a file, line, column and hint like all other mistakes in a spec.
 */
export function* csvRecords(text: string, file: string): Generator<CsvRecord, undefined> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1

  const fail = (where: number, column: number, reason: string, hint: string): never => {
    throw new Mistake('CSV', [], { reason, hint }, 'value', { source: file, line: where, column })
  }
  const skipSpaces = () => {
    while (text[at] === ' ' || text[at] === '\t') at++
  }
  const isFieldEnd = () => at >= text.length || text[at] === ',' || text[at] === '\n' || text[at] === '\r'
  const plain = (): string => {
    const start = at
    while (!isFieldEnd()) at++
    return text.slice(start, at)
  }
  const quoted = (column: number): string => {
    const opened = line
    let field = ''
    for (;;) {
      const close = text.indexOf('"', at + 1)
      if (close < 0) fail(opened, column, 'a quote is never closed', 'close it, or remove it')
      const part = text.slice(at + 1, close)
      line += part.match(/\r\n|\r|\n/g)?.length ?? 0
      field += part
      at = close + 1
      if (text[at] !== '"') break
      field += '"'
    }
    skipSpaces()
    if (!isFieldEnd())
      fail(line, column, 'there is text after a closing quote', 'double each quote that belongs to the text')
    return field
  }

  while (at < text.length) {
    const begun = line
    const fields: string[] = []
    let isEmpty = true
    for (;;) {
      const start = at
      skipSpaces()
      const isQuoted = text[at] === '"'
      if (!isQuoted) at = start
      const field = isQuoted ? quoted(fields.length + 1) : plain()
      if (isQuoted || field.trim() !== '') isEmpty = false
      fields.push(field)
      if (text[at] !== ',') break
      at++
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    at++
    line++
    if (fields.length > 1 || !isEmpty) yield { line: begun, fields }
  }
}

export type NamedColumn = CsvColumn & Pick<Wanted, 'name' | 'path'>

interface CsvTable {
  readonly columns: readonly NamedColumn[]
  /** The columns in which missing values were replaced. */
  readonly filled: PreparedData['filled']
  /** Number of lines dropped because of a missing value. */
  readonly dropped: number
}

export class CsvFile {
  readonly header: readonly string[]
  readonly #text: string
  readonly #file: string
  /** Where the spec names the file. */
  readonly #path: Path

  constructor(text: string, file: string, path: Path) {
    this.#text = text
    this.#file = file
    this.#path = path
    const first = csvRecords(text, file).next().value
    if (first === undefined)
      throw this.#mistake('CSV', 1, 1, {
        reason: 'it is empty',
        hint: 'start the file with a line of column names',
      })
    this.header = first.fields.map((field) => field.trim())
  }

  /** `at` is where the spec names the column. */
  indexOf(name: string, at: Path): number {
    const index = this.header.indexOf(name)
    if (index < 0) {
      const hint = this.#headerHint()
      throw new Mistake('UNKNOWN_COLUMN', at, { word: name, known: this.header, hint })
    }
    if (this.header.includes(name, index + 1))
      throw dataMistake(
        at,
        `${this.#file} has two columns with this name`,
        'give each column a different name in the first line of the file',
        name,
      )
    return index
  }

  #headerHint(): string | null {
    const [first = ''] = this.header
    if (this.header.length === 1 && /[;\t]/.test(first))
      return (
        `the first line of ${this.#file} has ${first.includes(';') ? 'semicolons' : 'tabs'}: separate the values ` +
        'with commas'
      )
    return this.header.every(isNumber)
      ? `the first line of ${this.#file} contains numbers: put a line of names above it`
      : null
  }

  table(wanted: readonly Wanted[], missing: MissingWay = 'refuse'): CsvTable {
    const readers = wanted.map((each) => new ColumnReader(each, this.indexOf(each.name, each.path)))
    const records = csvRecords(this.#text, this.#file)
    records.next()
    let rows = 0
    let dropped = 0
    for (const { line, fields } of records) {
      if (fields.length !== this.header.length) {
        const reason = `expected ${countText(this.header.length, 'value')} in this line, found ${fields.length}`
        throw this.#mistake('CSV', line, 1, { reason, hint: 'write one value for each name in the header' })
      }
      if (missing === 'drop' && hasGap(readers, fields)) {
        dropped++
        continue
      }
      if (++rows * wanted.length > limits.dataValues) {
        throw this.#mistake('DATA_TOO_LARGE', line, 1, { limit: `${limits.dataValues} numbers per data set` })
      }
      for (const reader of readers) {
        const { index } = reader
        const field = fields[index]!.trim()
        const fault = isMissing(field) ? reader.takeMissing(field, missing, line) : reader.take(field, line)
        if (fault !== null) throw this.#faulty(fault, line, index)
      }
    }
    if (rows === 0) throw this.#empty(readers, dropped)
    const columns = readers.map((reader) => {
      const column = reader.column()
      if ('reason' in column) throw this.#faulty(column, 1, reader.index)
      const { name, path } = reader.wanted
      return { name, path, ...column }
    })
    const filled = columns.flatMap((column) =>
      column.kind === 'numbers' && column.filled !== null ? [[column.name, column.filled] as const] : [],
    )
    return { columns, dropped, filled }
  }

  #empty(readers: readonly ColumnReader[], dropped: number): Mistake {
    if (dropped === 0)
      return this.#mistake('CSV', 1, 1, {
        reason: 'it has no lines after the header',
        hint: 'write one line per sample',
      })
    const never = readers.find(({ missing }) => missing === dropped)
    const reason =
      never === undefined
        ? 'every line has a missing value, so `missing: drop` leaves no lines'
        : `column ${never.wanted.name} has no value in any line, so \`missing: drop\` leaves no lines`
    const hint = never === undefined ? 'remove columns with many missing values' : 'remove the column'
    return this.#mistake('CSV', 1, never === undefined ? 1 : never.index + 1, { reason, hint })
  }

  #faulty({ line, ...details }: ColumnFault, current: number, index: number): Mistake {
    return this.#mistake('DATA', line ?? current, index + 1, details)
  }

  #mistake(code: SpecErrorCode, line: number, column: number, details: Details): Mistake {
    return new Mistake(code, this.#path, details, 'value', { source: this.#file, line, column })
  }
}

/** Also adds 1 to the `missing` count of each column that lacks a value. */
function hasGap(readers: readonly ColumnReader[], fields: readonly string[]): boolean {
  let found = false
  for (const reader of readers) {
    if (!isMissing(fields[reader.index]!.trim())) continue
    reader.missing++
    found = true
  }
  return found
}
