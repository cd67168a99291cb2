import type { Check, Finding } from '@driftfarm/statistics'
import { painter } from './color.ts'
import { findingLines } from './findingLines.ts'
import type { TableOptions } from './renderRecords.ts'

/** In how many of the checked cells all checks hold, then each finding once. */
export function renderChecks(
  cells: readonly { readonly checks: readonly Check[] }[],
  findings: readonly Finding[],
  { width = 100, color = false }: TableOptions = {},
): string {
  return findingLines(cells, findings, width, painter(color))
    .map((line) => `${line}\n`)
    .join('')
}
