import { resultsOf } from '@driftfarm/coordinator'
import { cellsOf, type Database } from '@driftfarm/database'
import { documents, fitOf } from '@driftfarm/report'
import { type BarrierTemperature, barrierTemperature } from '@driftfarm/theory'
import { type PrintedDocument, shown } from '../../output.ts'
import type { ResultsOptions } from '../results.ts'

type FitOptions = ResultsOptions & { readonly fit: string }

/** A line through the cells of a sweep, with what their noise says of its slope. */
export async function fitDocument(
  database: Database,
  sweepId: string,
  { fit, method }: FitOptions,
): Promise<PrintedDocument> {
  const { data, warnings } = await resultsOf(database, sweepId)
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, sweepId)) temperatures.set(index, barrierTemperature(cell))
  const fitted = fitOf(data, fit, temperatures, method)
  return shown(documents.Fit, fitted.data, { warnings: [...warnings, ...fitted.warnings] })
}
