import { documentJson } from '../document/envelope.ts'
import type { ResultsData } from '../document/results.ts'

/** The contrasts, a JSON object a line. */
export function renderContrastsJsonl({ contrasts }: ResultsData): string {
  return contrasts.map((contrast) => `${JSON.stringify(contrast)}\n`).join('')
}

/** The results, a JSON object a line: the cells of the Results document. */
export function renderJsonl({ cells }: ResultsData): string {
  return cells.map((cell) => `${documentJson(cell)}\n`).join('')
}
