import type { Params } from '../document/origin.ts'
import type { CellColumn } from './cellColumn.ts'
import { paramTitles } from './paramTitles.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { abbreviate, printable, widthOf } from './text.ts'

/** In characters. */
const longestParam = 48

interface ParamSummary {
  numbers: number
  widest: number
  /** The values that are not numbers. Each key is the JSON text of a value. Even a large sweep has few such values. */
  readonly others: Map<string, unknown>
}

/** Titles and labels depend on all cells, so call `observe` for every cell first. */
export class ParamColumns {
  readonly #seen = new Map<string, ParamSummary>()
  #cells = 0

  observe(params: Params): void {
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
      } else seen.others.set(textOf(value), value)
    }
  }

  texts(params: Params): string[] {
    const texts: string[] = []
    for (const path of this.#seen.keys()) texts.push(textOf(params[path]))
    return texts
  }

  columns(): CellColumn[] {
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
        text: ([, , , , , { [at]: text = '' }]) => labels.get(text) ?? text,
      }
    })
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'number' ? String(value) : value === undefined ? '' : JSON.stringify(value)
