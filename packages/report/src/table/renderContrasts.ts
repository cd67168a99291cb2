import type { ResultsData } from '../document/results.ts'
import { painter } from './color.ts'
import { contrastLines } from './contrastLines.ts'
import type { TableOptions } from './renderRecords.ts'

/** The contrasts by themselves, for people. */
export function renderContrasts(
  { contrasts }: Pick<ResultsData, 'contrasts'>,
  { width = 100, color = false }: TableOptions = {},
): string {
  const lines = contrastLines(contrasts, width, painter(color))
  return `${(lines.length === 0 ? ['no contrasts'] : lines).join('\n')}\n`
}
