import type { CellNumbers } from '../document/results.ts'
import type { StreamedResults } from '../document/streamed.ts'
import { csvField, csvLine } from '../format/csv.ts'
import { chunked } from '../format/json.ts'
import { type CellFields, fieldGroups, fieldsOf } from './cellFields.ts'

/**
 * `columns` is the number of columns known when the cell was passed to `observe`; `fields` are the fields of the cell
 * as CSV.
 */
type CsvRow = readonly [columns: number, ...fields: string[]]

/** The columns of a table without cells. */
const ofEveryCell: Readonly<Partial<Record<keyof CellFields, readonly string[]>>> = {
  cell: ['index', 'id'],
  trials: ['trials'],
  end: ['stopped', 'steps', 'cpuSeconds', 'digest'],
}

/** The columns depend on all cells. Pass every cell to `observe`, then print the returned rows with `line`. */
class CellsCsv {
  readonly #seen = fieldGroups.map((group) => new Set<string>(ofEveryCell[group]))
  #titles: readonly string[] = this.#seen.flatMap((seen) => [...seen])
  readonly #earlierByLength = new Map<number, readonly string[]>()

  observe(cell: CellNumbers): CsvRow {
    const fields = fieldsOf(cell)
    const values: string[] = []
    for (const [at, group] of fieldGroups.entries()) {
      const seen = this.#seen[at]!
      for (const name in fields[group]) seen.add(name)
      for (const name of seen) values.push(csvField(fields[group][name]))
    }
    // Columns are added but never removed, so the number of columns identifies a list of titles.
    if (values.length !== this.#titles.length) {
      this.#earlierByLength.set(this.#titles.length, this.#titles)
      this.#titles = this.#seen.flatMap((seen) => [...seen])
    }
    return [values.length, ...values]
  }

  titles(): string {
    return csvLine(this.#titles)
  }

  line([columns, ...fields]: CsvRow): string {
    if (columns === this.#titles.length) return `${fields.join(',')}\n`
    const earlier = this.#earlierByLength.get(columns)!
    let at = 0
    return `${this.#titles.map((title) => (title === earlier[at] ? fields[at++] : '')).join(',')}\n`
  }
}

export async function* streamCsv({ numbers, keep }: Pick<StreamedResults, 'numbers' | 'keep'>): AsyncGenerator<string> {
  const csv = new CellsCsv()
  const rows = keep<CsvRow>()
  for await (const cell of numbers()) rows.add(csv.observe(cell))
  yield csv.titles()
  yield* chunked(rows, (row) => csv.line(row))
}
