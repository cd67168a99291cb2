import { cellsOf, type Database } from '@driftfarm/database'
import { type FitData, fitOf, type Told } from '@driftfarm/report'
import type { Method } from '@driftfarm/spec'
import { type BarrierTemperature, barrierTemperature } from '@driftfarm/theory'
import { resultsOf } from './results.ts'

/** A line through the cells of a sweep, with what their noise says of its slope. */
export async function fitOfSweep(
  database: Database,
  sweepId: string,
  formula: string,
  method?: Method['kind'],
): Promise<Told<FitData>> {
  const { data, warnings } = await resultsOf(database, sweepId)
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, sweepId)) temperatures.set(index, barrierTemperature(cell))
  const fitted = fitOf(data, formula, temperatures, method)
  return { data: fitted.data, warnings: [...warnings, ...fitted.warnings] }
}
