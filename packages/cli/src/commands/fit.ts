import { resultsOf } from '@driftfarm/coordinator'
import { cellsOf, type Database } from '@driftfarm/database'
import { documentJson, envelope, fitOf, renderFit, type TableOptions } from '@driftfarm/report'
import { type BarrierTemperature, barrierTemperature } from '@driftfarm/theory'
import { type Format, note, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

export interface FitOptions {
  readonly fit: string
  /** Of the cells to take; direct ones unless said, where there are any. */
  readonly method?: 'direct' | 'splitting' | 'tilt'
  readonly output?: string
}

/** A line through the cells of a sweep, with what their noise says of its slope. */
export async function printFit(
  shell: Shell,
  database: Database,
  sweepId: string,
  { fit, method, output }: FitOptions,
  { format, ...table }: TableOptions & { readonly format: Format },
): Promise<void> {
  const { data, warnings } = await resultsOf(database, sweepId)
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, sweepId)) temperatures.set(index, barrierTemperature(cell))
  const fitted = fitOf(data, fit, temperatures, method)
  const all = [...warnings, ...fitted.warnings]
  const text =
    format === 'json' ? `${documentJson(envelope('Fit', fitted.data, all))}\n` : renderFit(fitted.data, table)
  await writeAll(shell, [text], output)
  if (format === 'table') for (const warning of all) note(shell, `warning: ${warning}`)
}
