import { countText } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import { checkedColumn, type Fault, isMissing, isNumber, type MissingWay, type Wanted } from './column.ts'
import { CsvColumn } from './csvColumn.ts'
import { columnIndex, type DataFile, firstRows, type RawTable } from './header.ts'
import { CsvScanner } from './scanner.ts'

export class CsvFile implements DataFile {
  readonly header: readonly string[]

  /** `path` is where the spec names the file. */
  constructor(
    private readonly bytes: Uint8Array,
    readonly file: string,
    private readonly path: Path,
  ) {
    const scanner = new CsvScanner(bytes, file)
    if (!scanner.next())
      throw this.#mistake('CSV', 1, 1, {
        reason: 'it is empty',
        hint: 'start the file with a line of column names',
      })
    this.header = Array.from({ length: scanner.count }, (_, i) => fieldOf(scanner, i))
  }

  get headerHint(): string | null {
    const [first = ''] = this.header
    if (this.header.length === 1 && /[;\t]/.test(first))
      return (
        `the first line of ${this.file} has ${first.includes(';') ? 'semicolons' : 'tabs'}: separate the values ` +
        'with commas'
      )
    return this.header.every(isNumber)
      ? `the first line of ${this.file} contains numbers: put a line of names above it`
      : null
  }

  table(wanted: readonly Wanted[], missing: MissingWay = 'refuse'): RawTable {
    const columns = wanted.map((each) => new CsvColumn(each, columnIndex(this, each.name, each.path)))
    const scanner = this.#body()
    const lines: number[] = []
    let dropped = 0
    while (scanner.next()) {
      if (scanner.count !== this.header.length) {
        const reason = `expected ${countText(this.header.length, 'value')} in this line, found ${scanner.count}`
        throw this.#mistake('CSV', scanner.line, 1, { reason, hint: 'write one value for each name in the header' })
      }
      if (missing === 'drop' && columns.some(({ index }) => isMissing(fieldOf(scanner, index)))) {
        dropped++
        continue
      }
      if ((lines.length + 1) * columns.length > limits.dataValues)
        throw this.#mistake('DATA_TOO_LARGE', scanner.line, 1, { limit: `${limits.dataValues} numbers per data set` })
      for (const column of columns) column.read(fieldOf(scanner, column.index), lines.length)
      lines.push(scanner.line)
    }
    if (lines.length === 0) throw this.#empty(columns, dropped)
    const rows = firstRows(lines.length)
    const made = collectEach(columns, (column) => {
      const fault: Fault = (row, what, hint) => {
        const value = column.textAt(row) ?? this.#fieldAt(lines[row]!, column.index)
        const reason = `the value of column ${column.wanted.name} ${what}`
        return this.#mistake('DATA', lines[row]!, column.index + 1, { value, reason, hint })
      }
      return checkedColumn(column.wanted, column.values(fault), { rows, way: missing }, fault)
    })
    return { columns: made, rows, dropped }
  }

  #fieldAt(line: number, index: number): string {
    const scanner = this.#body()
    while (scanner.line < line) scanner.next()
    return fieldOf(scanner, index)
  }

  #empty(columns: readonly CsvColumn[], dropped: number): Mistake {
    if (dropped === 0)
      return this.#mistake('CSV', 1, 1, {
        reason: 'it has no lines after the header',
        hint: 'write one line per sample',
      })
    const never = new Set(columns)
    for (const scanner = this.#body(); scanner.next(); )
      for (const column of never) if (!isMissing(fieldOf(scanner, column.index))) never.delete(column)
    const [first] = never
    const reason =
      first === undefined
        ? 'every line has a missing value, so `missing: drop` leaves no lines'
        : `column ${first.wanted.name} has no value in any line, so \`missing: drop\` leaves no lines`
    const hint = first === undefined ? 'remove columns with many missing values' : 'remove the column'
    return this.#mistake('CSV', 1, (first?.index ?? 0) + 1, { reason, hint })
  }

  /** At the end of the header. */
  #body(): CsvScanner {
    const scanner = new CsvScanner(this.bytes, this.file)
    scanner.next()
    return scanner
  }

  #mistake(code: SpecErrorCode, line: number, column: number, details: Details): Mistake {
    return new Mistake(code, this.path, details, 'value', { source: this.file, line, column })
  }
}

const fieldOf = (scanner: CsvScanner, index: number): string => scanner.text(index).trim()
