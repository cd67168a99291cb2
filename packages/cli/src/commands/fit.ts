import { resultsOf } from '@driftfarm/coordinator'
import { cellsOf, type Database } from '@driftfarm/database'
import { documentJson, envelope, fitData, renderFit, type TableOptions } from '@driftfarm/report'
import { type BarrierTemperature, fitOf } from '@driftfarm/statistics'
import { barrierTemperature } from '@driftfarm/theory'
import { type Format, note, writeAll } from '../output.ts'

export interface FitOptions {
  readonly fit: string
  /** Of the cells to take; direct ones unless said, where there are any. */
  readonly method?: 'direct' | 'splitting' | 'tilt'
  readonly output?: string
}

/** A line through the cells of a sweep, with what their noise says of its slope. */
export async function printFit(
  database: Database,
  sweepId: string,
  { fit, method, output }: FitOptions,
  { format, ...table }: TableOptions & { readonly format: Format },
): Promise<void> {
  const { data, warnings } = await resultsOf(database, sweepId)
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, sweepId)) temperatures.set(index, barrierTemperature(cell))
  const cells = data.cells.map((cell) => ({ ...cell, trials: Number(cell.trials) }))
  const fitted = fitOf(cells, fit, temperatures, method)
  const document = fitData(data, fit, fitted)
  const all = [...warnings, ...fitted.warnings]
  const text = format === 'json' ? `${documentJson(envelope('Fit', document, all))}\n` : renderFit(document, table)
  await writeAll([text], output)
  if (format === 'table') for (const warning of all) note(`warning: ${warning}`)
}
