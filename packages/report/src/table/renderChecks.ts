import type { Check, Finding } from '@driftfarm/statistics'
import { painter } from './color.ts'
import { CheckedCells, findingLines } from './findingLines.ts'
import type { TableOptions } from './renderRecords.ts'

export function renderChecks(
  cells: readonly { readonly checks: readonly Check[] }[],
  findings: readonly Finding[],
  { width = 100, color = false }: TableOptions = {},
): string {
  const seen = new CheckedCells()
  for (const { checks } of cells) seen.observe(checks)
  return findingLines(seen, findings, width, painter(color))
    .map((line) => `${line}\n`)
    .join('')
}
