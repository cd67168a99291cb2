import type { CellNumbers } from '../document/results.ts'
import { csvLine } from './csv.ts'

/** The columns of each estimate. With only the first three nobody could tell what kind of interval it is. */
const estimateColumns = ['value', 'low', 'high', 'confidence', 'method'] as const

/**
 * Cells as CSV, a line each. Columns are named by their place in the Results document: `counts.ends.converged`,
 * `escape.low`. Which there are depends on all cells: each is shown to `see` first, and then printed by `line`.
 */
export class CellsCsv {
  readonly #paths = new Set<string>()
  readonly #counts = new Set<string>()
  readonly #estimates = new Set<string>()

  see({ params, counts, estimates }: CellNumbers): void {
    for (const path of Object.keys(params)) this.#paths.add(path)
    for (const name of Object.keys(estimates)) this.#estimates.add(name)
    for (const name of Object.keys(flat(counts))) this.#counts.add(name)
  }

  titles(): string {
    return csvLine([
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
    ])
  }

  line({ index, id, params, trials, counts, estimates, stopped, steps, cpuSeconds, digest }: CellNumbers): string {
    const values: unknown[] = [index, id]
    for (const path of this.#paths) values.push(params[path])
    values.push(trials)
    const counted = flat(counts)
    for (const name of this.#counts) values.push(counted[name])
    for (const name of this.#estimates) for (const column of estimateColumns) values.push(estimates[name]?.[column])
    values.push(stopped?.rule, steps, cpuSeconds, digest)
    return csvLine(values)
  }
}

function flat(counts: CellNumbers['counts']): Record<string, number> {
  const all: Record<string, number> = { escaped: counts.escaped }
  for (const group of ['ends', 'exits', 'settled', 'classes', 'marks'] as const)
    for (const [name, count] of Object.entries(counts[group])) all[`${group}.${name}`] = count
  return all
}
