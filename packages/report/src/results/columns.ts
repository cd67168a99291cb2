import { groupedBy } from '@driftfarm/formula'
import { type EstimateKind, parseEstimate, printEstimate } from '@driftfarm/spec'
import type { Params } from '../axes/sweptAxes.ts'
import { markOf } from '../document/findings.ts'
import type { CellResult } from '../document/results.ts'
import { byInterest, paramTitles, subtreeLabels } from '../format/label.ts'
import { estimateText, methodText } from '../format/quantity.ts'
import type { MeasuredColumn } from '../format/table.ts'
import { abbreviate, padEnd, padStart, printable, widthOf } from '../format/text.ts'

/**
 * The texts of a cell's line. `params` covers the paths seen so far, and `estimates` the estimates seen so far, in
 * the order of their first appearance. So both lists may be longer in the rows of later cells.
 */
export type CellRow = readonly [
  fixed: readonly string[],
  mark: string,
  /** JSON of the swept values. */
  params: readonly string[],
  /** Two texts for each estimate: its value and its interval, or two '' if the cell does not have the estimate. */
  estimates: readonly string[],
]

export interface CellColumn extends MeasuredColumn {
  text(row: CellRow): string
}

interface EstimateSummary {
  value: number
  interval: number
  /** Number of cells in which `stay` is the complement of `escape`. */
  complements: number
  /** For a `stay` estimate, the name of the corresponding `escape` estimate; null for other estimates. */
  readonly escape: string | null
  readonly methods: Set<string>
}

/** The choice and the widths of the columns depend on all cells, so call `observe` for every cell first. */
export class EstimateColumns {
  readonly #seen = new Map<string, EstimateSummary>()
  #cells = 0
  #marked = false

  observe(cell: CellResult): void {
    const { estimates, trials } = cell
    this.#cells++
    this.#marked ||= markOf(cell) !== ''
    for (const name of Object.keys(estimates)) {
      const estimate = estimates[name]!
      const seen = this.#seen.get(name) ?? this.#first(name)
      seen.methods.add(methodText(estimate))
      const escaping = seen.escape === null ? undefined : estimates[seen.escape]
      if (escaping !== undefined && escaping.events + estimate.events === Number(trials)) seen.complements++
    }
  }

  texts(estimates: CellResult['estimates']): string[] {
    const texts: string[] = []
    for (const [name, seen] of this.#seen) {
      const estimate = estimates[name]
      const { value, interval } = estimate === undefined ? none : estimateText(estimate)
      seen.value = Math.max(seen.value, value.length)
      seen.interval = Math.max(seen.interval, interval.length)
      texts.push(value, interval)
    }
    return texts
  }

  #first(name: string): EstimateSummary {
    const parsed = parseEstimate(name)
    const escape = parsed?.kind === 'stay' ? printEstimate({ ...parsed, kind: 'escape' }) : null
    const seen = { value: 0, interval: 0, complements: 0, escape, methods: new Set<string>() }
    this.#seen.set(name, seen)
    return seen
  }

  /**
   * Omits divergence, which has a column of counts. Omits `stay` if it is the complement of `escape`, that is, if no
   * trial diverged.
   */
  names(): readonly string[] {
    const complement = (name: string) => this.#seen.get(name)!.complements === this.#cells
    return byInterest([...this.#seen.keys()].filter((name) => kindOf(name) !== 'diverge' && !complement(name)))
  }

  column(name: string, marked: boolean): CellColumn {
    const { value, interval } = this.#seen.get(name)!
    const mark = marked && this.#marked ? 1 : 0
    const place = 2 * [...this.#seen.keys()].indexOf(name)
    const title = printable(name)
    return {
      title,
      align: 'left',
      width: Math.max(widthOf(title), value + mark + 1 + interval),
      text: ([, doubt, , { [place]: of = '', [place + 1]: within = '' }]) =>
        of === '' ? '' : `${padStart(of, value)}${mark === 0 ? '' : padEnd(doubt, mark)} ${within}`,
    }
  }

  intervals(names: ReadonlySet<string>): string[] {
    const shown = [...this.#seen].filter(([name]) => names.has(name))
    const byMethods = groupedBy(shown, ([, { methods }]) => [...methods].join(' or '))
    if (byMethods.size === 0) return []
    const all = [...byMethods].map(
      ([methods, alike]) => `${alike.map(([name]) => printable(name)).join(', ')} ${methods}`,
    )
    return [`intervals: ${byMethods.size === 1 ? [...byMethods.keys()].join('') : all.join('; ')}`]
  }
}

const none = { value: '', interval: '' }

const kindOf = (name: string): EstimateKind | undefined => parseEstimate(name)?.kind

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
      const seen = this.#seen.get(path) ?? { numbers: 0, widest: 0, others: new Map<string, unknown>() }
      this.#seen.set(path, seen)
      if (typeof value === 'number') {
        seen.numbers++
        seen.widest = Math.max(seen.widest, String(value).length)
      } else seen.others.set(textOf(value), value)
    }
  }

  texts(params: Params): string[] {
    return Array.from(this.#seen.keys(), (path) => textOf(params[path]))
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
        text: ([, , { [at]: text = '' }]) => labels.get(text) ?? text,
      }
    })
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'number' ? String(value) : value === undefined ? '' : JSON.stringify(value)
