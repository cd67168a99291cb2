import type { CellNumbers } from '../document/results.ts'
import type { StreamedResults } from '../document/streamed.ts'
import { csvField, csvLine } from '../format/csv.ts'
import { chunked } from '../format/json.ts'

export const estimateColumns = ['value', 'low', 'high', 'confidence', 'method'] as const

/**
 * `columns` is the number of columns known when the cell was passed to `observe`; `fields` are the fields of the cell
 * as CSV.
 */
export type CsvRow = readonly [columns: number, ...fields: string[]]

/**
 * Column names follow the structure of the Results document: `counts.ends.converged`, `escape.low`. The columns depend
 * on all cells. Pass every cell to `observe`, then print the returned rows with `line`.
 */
export class CellsCsv {
  readonly #paths = new Set<string>()
  readonly #counts = new Set<string>()
  readonly #estimates = new Set<string>()
  #titles = this.#named()
  readonly #earlierByLength = new Map<number, readonly string[]>()

  observe({ index, id, params, trials, counts, estimates, stopped, steps, cpuSeconds, digest }: CellNumbers): CsvRow {
    for (const path in params) this.#paths.add(path)
    for (const name in estimates) this.#estimates.add(name)
    const counted = flatCounts(counts)
    for (const name in counted) this.#counts.add(name)
    const values: unknown[] = [index, id]
    for (const path of this.#paths) values.push(params[path])
    values.push(trials)
    for (const name of this.#counts) values.push(counted[name])
    for (const name of this.#estimates) for (const column of estimateColumns) values.push(estimates[name]?.[column])
    values.push(stopped?.rule, steps, cpuSeconds, digest)
    // Columns are added but never removed, so the number of columns identifies a list of titles.
    if (values.length !== this.#titles.length) {
      this.#earlierByLength.set(this.#titles.length, this.#titles)
      this.#titles = this.#named()
    }
    return [values.length, ...values.map(csvField)]
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

  #named(): string[] {
    return [
      'index',
      'id',
      ...this.#paths,
      'trials',
      ...[...this.#counts].map((name) => `counts.${name}`),
      ...[...this.#estimates].flatMap((name) => estimateColumns.map((column) => `${name}.${column}`)),
      'stopped',
      'steps',
      'cpuSeconds',
      'digest',
    ]
  }
}

export function flatCounts(counts: CellNumbers['counts']): Record<string, number> {
  const all: Record<string, number> = { escaped: counts.escaped }
  for (const group of ['ends', 'exits', 'settled', 'classes', 'marks'] as const)
    for (const [name, count] of Object.entries(counts[group])) all[`${group}.${name}`] = count
  return all
}

export async function* streamCsv({ numbers, keep }: Pick<StreamedResults, 'numbers' | 'keep'>): AsyncGenerator<string> {
  const csv = new CellsCsv()
  const rows = keep<CsvRow>()
  for await (const cell of numbers()) rows.add(csv.observe(cell))
  yield csv.titles()
  yield* chunked(rows, (row) => csv.line(row))
}
