import type { ResultsData } from '../document/results.ts'
import { contrastLines } from './contrastLines.ts'
import type { TableOptions } from './renderRecords.ts'

export function renderContrasts({ contrasts }: Pick<ResultsData, 'contrasts'>, options: TableOptions = {}): string {
  const lines = contrastLines(contrasts, options)
  return `${(lines.length === 0 ? ['no contrasts'] : lines).join('\n')}\n`
}
