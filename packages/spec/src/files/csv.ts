import { countText } from '@driftfarm/formula'
import type { PreparedData } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { dataMistake, Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import { type CsvColumn, isMissing, isNumber, type MissingWay, readColumn, type Wanted } from './column.ts'

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
    const indices = wanted.map(({ name, path }) => this.indexOf(name, path))
    const records = csvRecords(this.#text, this.#file)
    records.next()
    const lines: number[] = []
    const kept = wanted.map((): string[] => [])
    const dropped: (readonly string[])[] = []
    for (const { line, fields } of records) {
      if (fields.length !== this.header.length) {
        const reason = `expected ${countText(this.header.length, 'value')} in this line, found ${fields.length}`
        throw this.#mistake('CSV', line, 1, { reason, hint: 'write one value for each name in the header' })
      }
      const row = indices.map((index) => fields[index]!.trim())
      if (missing === 'drop' && row.some(isMissing)) {
        dropped.push(row)
        continue
      }
      for (const [i, field] of row.entries()) kept[i]!.push(field)
      if (lines.push(line) * wanted.length > limits.dataValues)
        throw this.#mistake('DATA_TOO_LARGE', line, 1, { limit: `${limits.dataValues} numbers per data set` })
    }
    if (lines.length === 0) throw this.#empty(wanted, indices, dropped)
    const columns = collectEach(wanted, (each, i) => {
      const { name, path } = each
      const fault = (row: number, details: Details) => this.#mistake('DATA', lines[row]!, indices[i]! + 1, details)
      return { name, path, ...readColumn(each, kept[i]!, missing, fault) }
    })
    const filled = columns.flatMap((column) =>
      column.kind === 'numbers' && column.filled !== null ? [[column.name, column.filled] as const] : [],
    )
    return { columns, dropped: dropped.length, filled }
  }

  #empty(wanted: readonly Wanted[], indices: readonly number[], dropped: readonly (readonly string[])[]): Mistake {
    if (dropped.length === 0)
      return this.#mistake('CSV', 1, 1, {
        reason: 'it has no lines after the header',
        hint: 'write one line per sample',
      })
    const never = wanted.findIndex((_, i) => dropped.every((row) => isMissing(row[i]!)))
    const reason =
      never < 0
        ? 'every line has a missing value, so `missing: drop` leaves no lines'
        : `column ${wanted[never]!.name} has no value in any line, so \`missing: drop\` leaves no lines`
    const hint = never < 0 ? 'remove columns with many missing values' : 'remove the column'
    return this.#mistake('CSV', 1, never < 0 ? 1 : indices[never]! + 1, { reason, hint })
  }

  #mistake(code: SpecErrorCode, line: number, column: number, details: Details): Mistake {
    return new Mistake(code, this.#path, details, 'value', { source: this.#file, line, column })
  }
}
