import type { Path } from '../document/path.ts'
import { type Details, Mistake, type SpecErrorCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { csvRecords } from './csv.ts'

export type CsvColumn = { readonly kind: 'numbers'; readonly values: readonly number[] } | Words
export interface Words {
  readonly kind: 'words'
  readonly values: readonly string[]
}

/** A column to read: its index in the header, and whether words are accepted in it instead of numbers. */
export interface Wanted {
  readonly index: number
  readonly words: boolean
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const notFinite = /^[+-]?(nan|inf|infinity)$/i

/** A CSV file of numbers under a header of names. `path` is where the spec names the file. */
export class CsvFile {
  readonly header: readonly string[]
  readonly #text: string
  readonly #file: string
  readonly #path: Path

  constructor(text: string, file: string, path: Path) {
    this.#text = text
    this.#file = file
    this.#path = path
    const first = csvRecords(text, file).next().value
    if (first === undefined)
      throw this.#mistake('CSV', 1, 1, { reason: 'it is empty', hint: 'a header of names first' })
    this.header = first.fields.map((field) => field.trim())
  }

  /**
   * Index of the column with this name; `at` is where the spec names the column. Throws if there is none, or more than
   * one.
   */
  indexOf(name: string, at: Path): number {
    const index = this.header.indexOf(name)
    if (index < 0) {
      const hint = this.#headerHint()
      throw new Mistake('UNKNOWN_COLUMN', at, { word: name, known: this.header, ...(hint !== null && { hint }) })
    }
    if (this.header.includes(name, index + 1))
      throw new Mistake('DATA', at, {
        value: name,
        reason: `${this.#file} has two columns of this name`,
        hint: 'give each column a name of its own in the first line of the file',
      })
    return index
  }

  /** A hint where the first line is not a header of names separated by commas; null where it is one. */
  #headerHint(): string | null {
    const [first = ''] = this.header
    if (this.header.length === 1 && /[;\t]/.test(first))
      return (
        `the first line of ${this.#file} has ${first.includes(';') ? 'semicolons' : 'tabs'}: separate values ` +
        'by commas'
      )
    return this.header.every((field) => number.test(field))
      ? `the first line of ${this.#file} holds numbers: put a line of names above it`
      : null
  }

  columns(wanted: readonly Wanted[]): readonly CsvColumn[] {
    const numbers = wanted.map((): number[] => [])
    const words = wanted.map((): string[] => [])
    const records = csvRecords(this.#text, this.#file)
    records.next()
    let rows = 0
    for (const { line, fields } of records) {
      if (fields.length !== this.header.length) {
        const reason = `${fields.length} values under ${this.header.length} names`
        throw this.#mistake('CSV', line, 1, { reason, hint: 'a header of names, then one line a sample' })
      }
      if (++rows * wanted.length > limits.dataValues) {
        throw this.#mistake('DATA_TOO_LARGE', line, 1, { limit: `${limits.dataValues} numbers a data set` })
      }
      for (const [i, { index, words: mayBeWords }] of wanted.entries()) {
        const field = fields[index]!.trim()
        const isWord = !number.test(field) && !notFinite.test(field) && field !== ''
        const isRight = isWord ? mayBeWords && numbers[i]!.length === 0 : words[i]!.length === 0
        if (!isRight || field === '') throw this.#wrong(field, line, index, mayBeWords && field !== '')
        if (isWord) words[i]!.push(field)
        else numbers[i]!.push(this.#finite(field, line, index))
      }
    }
    if (rows === 0)
      throw this.#mistake('CSV', 1, 1, { reason: 'no lines follow its header', hint: 'write one line a sample' })
    return wanted.map((_, i) =>
      words[i]!.length > 0 ? { kind: 'words', values: words[i]! } : { kind: 'numbers', values: numbers[i]! },
    )
  }

  #finite(field: string, line: number, index: number): number {
    const value = Number(field)
    if (Number.isFinite(value)) return value
    const reason = `${this.#named(index)} is not finite`
    throw this.#mistake('DATA', line, index + 1, { value: field, reason })
  }

  #wrong(field: string, line: number, index: number, isMixed: boolean): Mistake {
    const fault = field === '' ? 'missing' : isMixed ? 'of numbers and words' : 'no number'
    const reason = `${this.#named(index)} is ${fault}`
    const hint = isMixed ? 'a column is of numbers alone, or of words alone' : 'write a finite number'
    return this.#mistake('DATA', line, index + 1, { value: field, reason, hint })
  }

  #named(index: number): string {
    return `the value of column ${this.header[index]}`
  }

  #mistake(code: SpecErrorCode, line: number, column: number, details: Details): Mistake {
    return new Mistake(code, this.#path, details, 'value', { source: this.#file, line, column })
  }
}
