import type { Params } from '../document/origin.ts'
import type { Measured } from './layout.ts'
import { paramTitles } from './paramTitles.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { abbreviate, oneLine, printable, widthOf } from './text.ts'

/** Characters of a swept mapping that are shown. */
const longestParam = 48

interface Seen {
  numbers: number
  widest: number
  /** Every value that is no number, by its JSON. An axis has few of them, however many cells there are. */
  readonly others: Map<string, unknown>
}

/** A column of a table of cells, with the text that a cell has in it. */
export interface CellColumn<Cell> extends Measured {
  text(cell: Cell): string
}

/** The columns of swept values, whose titles and labels depend on all cells: to be shown all of them beforehand. */
export class ParamColumns {
  readonly #seen = new Map<string, Seen>()
  #cells = 0

  see(params: Params): void {
    this.#cells++
    for (const path of Object.keys(params)) {
      const value = params[path]
      let seen = this.#seen.get(path)
      if (seen === undefined) {
        seen = { numbers: 0, widest: 0, others: new Map() }
        this.#seen.set(path, seen)
      }
      if (typeof value === 'number') {
        seen.numbers++
        seen.widest = Math.max(seen.widest, String(value).length)
      } else seen.others.set(JSON.stringify(value), value)
    }
  }

  columns(): CellColumn<{ readonly params: Params }>[] {
    const paths = [...this.#seen.keys()]
    const titles = paramTitles(paths)
    return paths.map((path, at) => {
      const { numbers, widest, others } = this.#seen.get(path)!
      const made = subtreeLabels([...others.values()]).map((label) => abbreviate(label, longestParam))
      const labels = new Map([...others.keys()].map((key, place) => [key, made[place]!]))
      const title = printable(titles[at]!)
      return {
        title,
        align: numbers === this.#cells ? 'right' : 'left',
        width: Math.max(widthOf(title), widest, ...made.map(widthOf)),
        text: ({ params: { [path]: value } }) =>
          typeof value === 'number' ? String(value) : (labels.get(JSON.stringify(value)) ?? oneLine(value)),
      }
    })
  }
}
