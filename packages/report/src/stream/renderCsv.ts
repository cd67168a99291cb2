import type { CellResult, ResultsData } from '../document/results.ts'
import { csvLine } from './csv.ts'

/** The columns of each estimate. With only the first three nobody could tell what kind of interval it is. */
const estimateColumns = ['value', 'low', 'high', 'confidence', 'method'] as const

/**
 * The results as CSV, one line for each cell. Columns are named by their place in the Results document:
 * `counts.ends.converged`, `escape.low`.
 */
export function renderCsv({ cells }: ResultsData): string {
  const paths = keys(cells, (cell) => cell.params)
  const names = keys(cells, (cell) => cell.estimates)
  const counts = keys(cells, flatCounts)
  const head = [
    'index',
    'id',
    ...paths,
    'trials',
    ...counts.map((name) => `counts.${name}`),
    ...names.flatMap((name) => estimateColumns.map((column) => `${name}.${column}`)),
    'stopped',
    'steps',
    'cpuSeconds',
    'digest',
  ]
  const lines = cells.map((cell) => {
    const counted = flatCounts(cell)
    return csvLine([
      cell.index,
      cell.id,
      ...paths.map((path) => cell.params[path]),
      cell.trials,
      ...counts.map((name) => counted[name]),
      ...names.flatMap((name) => estimateColumns.map((column) => cell.estimates[name]?.[column])),
      cell.stopped?.rule,
      cell.steps,
      cell.cpuSeconds,
      cell.digest,
    ])
  })
  return csvLine(head) + lines.join('')
}

function keys(cells: readonly CellResult[], of: (cell: CellResult) => object): string[] {
  const seen = new Set<string>()
  for (const cell of cells) for (const key of Object.keys(of(cell))) seen.add(key)
  return [...seen]
}

function flatCounts({ counts }: CellResult): Record<string, number> {
  const flat: Record<string, number> = { escaped: counts.escaped }
  for (const group of ['ends', 'exits', 'settled', 'classes', 'marks'] as const)
    for (const [name, count] of Object.entries(counts[group])) flat[`${group}.${name}`] = count
  return flat
}
