import { countText } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import { type Fault, isMissing, isNumber, type MissingWay, type RawColumn, readColumn, type Wanted } from './column.ts'
import { columnIndex, type DataFile, type RawTable } from './header.ts'
import { NumberList } from './numbers.ts'
import { CsvScanner } from './scanner.ts'

/** A column while the file is read. `numbers` is null if the column needs its texts, which a second pass reads. */
interface Reading {
  readonly wanted: Wanted
  readonly index: number
  numbers: NumberList | null
  readonly gaps: number[]
}

export class CsvFile implements DataFile {
  readonly header: readonly string[]

  /** `path` is where the spec names the file. */
  constructor(
    private readonly bytes: Uint8Array,
    readonly file: string,
    private readonly path: Path,
  ) {
    const scanner = this.#scanner()
    if (!scanner.next())
      throw this.#mistake('CSV', 1, 1, {
        reason: 'it is empty',
        hint: 'start the file with a line of column names',
      })
    this.header = Array.from({ length: scanner.count }, (_, i) => scanner.text(i).trim())
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
    const capacity = this.#lineEstimate()
    const readings = wanted.map((each): Reading => {
      const index = columnIndex(this, each.name, each.path)
      return { wanted: each, index, numbers: each.categorical ? null : new NumberList(capacity), gaps: [] }
    })
    const { lines, dropped, valued } = this.#readNumbers(readings, missing)
    if (lines.length === 0) throw this.#empty(readings, dropped, valued)
    const texts = this.#readTexts(readings, lines)
    const columns = collectEach(readings, ({ wanted, index, numbers, gaps }, i): RawColumn => {
      const { name, path } = wanted
      const fault: Fault = (row, what, hint) => {
        const value = texts[i]?.[row] ?? this.#fieldAt(lines[row]!, index)
        const reason = `the value of column ${name} ${what}`
        return this.#mistake('DATA', lines[row]!, index + 1, { value, reason, hint })
      }
      if (texts[i] !== null) return readColumn(wanted, texts[i]!, missing, fault)
      return { kind: 'numbers', name, path, fault, values: numbers!.done(), offset: 0, stride: 1, gaps }
    })
    return { columns, rows: lines.length, kept: null, dropped }
  }

  /**
   * Reads the columns of numbers. A column with anything else is marked for `#readTexts`. Returns the lines of the
   * records, and for each column whether any dropped line has a value.
   */
  #readNumbers(readings: readonly Reading[], missing: MissingWay) {
    const scanner = this.#scanner()
    scanner.next()
    const lines: number[] = []
    const values = new Float64Array(readings.length)
    const valued = readings.map(() => false)
    let dropped = 0
    while (scanner.next()) {
      if (scanner.count !== this.header.length) {
        const reason = `expected ${countText(this.header.length, 'value')} in this line, found ${scanner.count}`
        throw this.#mistake('CSV', scanner.line, 1, { reason, hint: 'write one value for each name in the header' })
      }
      let isDropped = false
      for (let i = 0; i < readings.length; i++) {
        const { index, numbers } = readings[i]!
        if (numbers === null && missing !== 'drop') continue
        values[i] = scanner.number(index)
        if (!Number.isNaN(values[i])) continue
        const text = scanner.text(index).trim()
        if (isMissing(text)) isDropped = isDropped || missing === 'drop'
        else values[i] = isNumber(text) ? Number(text) : Number.POSITIVE_INFINITY
      }
      if (isDropped) {
        dropped++
        for (let i = 0; i < readings.length; i++) valued[i] ||= !Number.isNaN(values[i])
        continue
      }
      if ((lines.length + 1) * readings.length > limits.dataValues)
        throw this.#mistake('DATA_TOO_LARGE', scanner.line, 1, { limit: `${limits.dataValues} numbers per data set` })
      for (let i = 0; i < readings.length; i++) {
        const reading = readings[i]!
        if (reading.numbers === null) continue
        const isGap = Number.isNaN(values[i])
        const isUsable = isGap ? missing === 'mean' && reading.wanted.fills : Number.isFinite(values[i])
        if (isUsable) reading.numbers.push(values[i]!)
        else reading.numbers = null
        if (isGap) reading.gaps.push(lines.length)
      }
      lines.push(scanner.line)
    }
    for (const reading of readings) if (reading.gaps.length === lines.length) reading.numbers = null
    return { lines, dropped, valued }
  }

  /** The texts of the columns without numbers; null for the other columns. Equal texts are one string. */
  #readTexts(readings: readonly Reading[], lines: readonly number[]): readonly (string[] | null)[] {
    const texts = readings.map(({ numbers }): string[] | null => (numbers === null ? [] : null))
    if (texts.every((each) => each === null)) return texts
    const known = new Map<string, string>()
    const scanner = this.#scanner()
    for (const line of lines) {
      while (scanner.line < line) scanner.next()
      for (const [i, list] of texts.entries()) {
        if (list === null) continue
        const text = scanner.text(readings[i]!.index).trim()
        const first = known.get(text)
        if (first === undefined) known.set(text, text)
        list.push(first ?? text)
      }
    }
    return texts
  }

  /** About how many lines there are, if all are about as long as the first one. */
  #lineEstimate(): number {
    const scanner = this.#scanner()
    scanner.next()
    const start = scanner.position
    scanner.next()
    return Math.ceil((1.05 * this.bytes.length) / Math.max(2, scanner.position - start))
  }

  #fieldAt(line: number, index: number): string {
    const scanner = this.#scanner()
    while (scanner.line < line) scanner.next()
    return scanner.text(index).trim()
  }

  #empty(readings: readonly Reading[], dropped: number, valued: readonly boolean[]): Mistake {
    if (dropped === 0)
      return this.#mistake('CSV', 1, 1, {
        reason: 'it has no lines after the header',
        hint: 'write one line per sample',
      })
    const never = valued.indexOf(false)
    const reason =
      never < 0
        ? 'every line has a missing value, so `missing: drop` leaves no lines'
        : `column ${readings[never]!.wanted.name} has no value in any line, so \`missing: drop\` leaves no lines`
    const hint = never < 0 ? 'remove columns with many missing values' : 'remove the column'
    return this.#mistake('CSV', 1, never < 0 ? 1 : readings[never]!.index + 1, { reason, hint })
  }

  #scanner(): CsvScanner {
    return new CsvScanner(this.bytes, this.file)
  }

  #mistake(code: SpecErrorCode, line: number, column: number, details: Details): Mistake {
    return new Mistake(code, this.path, details, 'value', { source: this.file, line, column })
  }
}
