import { markOf } from '../document/findings.ts'
import type { CellResult } from '../document/results.ts'
import { byInterest } from '../format/label.ts'
import { grouped } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import type { CellRow } from './columns.ts'

/** Number of cells shown at each end of the sweep. */
const edge = 10
/** Maximum number of cells that are shown because they fail a check. Wrong cells come before doubtful ones. */
const doubts = 10
/** This many cells with the largest values of the first estimate are shown, and as many with the smallest values. */
const extremes = 5

interface CellWithRow {
  readonly cell: CellResult
  readonly row: CellRow
}

/** Chooses the most informative cells of a large sweep. */
export class InformativeCells {
  #cells = 0
  #marked = 0
  #name: string | undefined
  readonly #first: CellWithRow[] = []
  readonly #last: CellWithRow[] = []
  readonly #wrong: CellWithRow[] = []
  readonly #doubtful: CellWithRow[] = []
  readonly #largest: CellWithRow[] = []
  readonly #smallest: CellWithRow[] = []

  observe(cell: CellResult, row: CellRow): void {
    const telling = { cell, row }
    this.#cells++
    if (this.#first.length < edge) this.#first.push(telling)
    this.#last.push(telling)
    if (this.#last.length > edge) this.#last.shift()
    const mark = markOf(cell)
    if (mark !== '') {
      this.#marked++
      const alike = mark === '!' ? this.#wrong : this.#doubtful
      if (alike.length < doubts) alike.push(telling)
    }
    this.#name ??= byInterest(Object.keys(cell.estimates))[0]
    if (this.#valueOf(telling) === undefined) return
    this.#rank(this.#largest, telling, -1)
    this.#rank(this.#smallest, telling, 1)
  }

  rows(): readonly CellWithRow[] {
    const marked = [...this.#wrong, ...this.#doubtful].slice(0, doubts)
    const all = [...this.#first, ...marked, ...this.#largest, ...this.#smallest, ...this.#last]
    return [...new Map(all.map((each) => [each.cell.index, each])).values()].sort((a, b) => a.cell.index - b.cell.index)
  }

  note(): string {
    const rows = this.rows()
    const marked = rows.filter(({ cell }) => markOf(cell) !== '').length
    const kinds = texts(
      `the first and last ${edge} cells`,
      this.#name !== undefined &&
        `the ${extremes} with the largest and the ${extremes} with the smallest ${this.#name}`,
      this.#marked > 0 && `${grouped(marked)} of the ${grouped(this.#marked)} marked ? or !`,
    )
    const left = `${grouped(this.#cells - rows.length)} of ${grouped(this.#cells)} cells are left out`
    return `${left}. The table shows ${kinds.join(', ')}; --all shows all.`
  }

  #valueOf({ cell }: CellWithRow): number | undefined {
    return this.#name === undefined ? undefined : cell.estimates[this.#name]?.value
  }

  /** Among cells with equal values, earlier ones take precedence. */
  #rank(among: CellWithRow[], telling: CellWithRow, sign: 1 | -1): void {
    const value = sign * this.#valueOf(telling)!
    const place = among.findIndex((other) => sign * this.#valueOf(other)! > value)
    if (place >= 0) among.splice(place, 0, telling)
    else if (among.length < extremes) among.push(telling)
    if (among.length > extremes) among.pop()
  }
}
