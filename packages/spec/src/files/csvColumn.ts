import { separatorHint } from '../words/numberHint.ts'
import { type Fault, isMissing, numberIn, type Refused, type Wanted } from './column.ts'
import { NumberList } from './numbers.ts'
import type { StoredValues } from './stored.ts'

/** A column while its file is read. The first value that is not missing decides whether the column has words. */
export class CsvColumn {
  readonly #numbers = new NumberList()
  #words: string[] | null
  /** How many of the numbers are missing. */
  #gaps = 0
  /** Equal words are one string. */
  readonly #known = new Map<string, string>()
  /** The first mistake. The column is not read beyond it. */
  #refused: readonly [row: number, ...Refused] | null = null
  /** The texts of fields that messages show, by row. */
  readonly #texts = new Map<number, string>()

  constructor(
    readonly wanted: Wanted,
    readonly index: number,
  ) {
    this.#words = wanted.categorical ? [] : null
  }

  read(text: string, row: number): void {
    if (this.#refused !== null) return
    const number = this.#words === null ? numberIn(text) : null
    if (number === null) this.#readWord(text, row)
    else {
      if (Number.isNaN(number)) this.#gaps++
      if (!Number.isFinite(number) && this.#texts.size < 2) this.#texts.set(row, text)
      this.#numbers.push(number)
    }
  }

  #readWord(text: string, row: number): void {
    if (this.#words === null && this.#gaps === row) this.#words = new Array<string>(row).fill('')
    const known = this.#known.get(text)
    this.#words?.push(known ?? text)
    if (known !== undefined) return
    this.#known.set(text, text)
    const refused = this.#wanted(text)
    if (refused === null) return
    this.#refused = [row, ...refused]
    this.#texts.set(row, text)
  }

  /** Why a word is not wanted in this column. */
  #wanted(word: string): Refused | null {
    const { name, words, categorical } = this.wanted
    if (categorical || isMissing(word)) return null
    const separated = separatorHint(word)
    if (!words) return ['is not a number', separated ?? 'write a finite number']
    // Otherwise, a column of numbers with separators, such as `1 000`, would silently be read as words.
    const wayOut = `if the value is meant as a word, list the column in \`categorical: [${name}]\``
    if (separated !== null) return ['is not a number in this notation', `${separated}; ${wayOut}`]
    if (this.#words !== null && numberIn(word) === null) return null
    const way = `with \`categorical: [${name}]\`, the numbers of this column are read as words`
    return ['makes the column a mix of numbers and words', `a column must have only numbers or only words; ${way}`]
  }

  /** Undefined if the text is not stored. */
  textAt(row: number): string | undefined {
    return this.#texts.get(row) ?? this.#words?.[row]
  }

  values(fault: Fault): StoredValues {
    if (this.#refused !== null) throw fault(...this.#refused)
    return this.#words === null ? { values: this.#numbers.done(), offset: 0, stride: 1 } : { words: this.#words }
  }
}
