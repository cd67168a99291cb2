import type { ResultsData } from '../document/results.ts'

/** The results, a JSON object a line: the cells of the Results document. */
export function renderJsonl({ cells }: ResultsData): string {
  return cells.map((cell) => `${JSON.stringify(cell)}\n`).join('')
}
