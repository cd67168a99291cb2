import { cellsOf, type Database } from '@driftfarm/database'
import { type FitData, fitData, type Told } from '@driftfarm/report'
import type { Method } from '@driftfarm/spec'
import { type BarrierTemperature, fitOf } from '@driftfarm/statistics'
import { barrierTemperature } from '@driftfarm/theory'
import { resultsOf } from './results.ts'

/** A line through the cells, with what the temperatures of their noise tell about its slope. */
export async function fitOfSweep(
  database: Database,
  sweepId: string,
  formula: string,
  method?: Method['kind'],
): Promise<Told<FitData>> {
  const { data, warnings } = await resultsOf(database, sweepId)
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, sweepId)) temperatures.set(index, barrierTemperature(cell))
  const cells = data.cells.map((cell) => ({ ...cell, trials: Number(cell.trials) }))
  const fitted = fitOf(cells, formula, temperatures, method)
  return { data: fitData(data, formula, fitted), warnings: [...warnings, ...fitted.warnings] }
}
