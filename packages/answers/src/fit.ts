import { cellsOf, type Database } from '@driftfarm/database'
import { type FitData, fitData, type OnCells, type Told } from '@driftfarm/report'
import type { Method } from '@driftfarm/spec'
import { type BarrierTemperature, fitOf, isDoubt, type JudgedCell } from '@driftfarm/statistics'
import { barrierTemperature } from '@driftfarm/theory'
import { withResults } from './results.ts'

/**
 * A line through the cells, with what the temperatures of their noise tell about its slope. Of each cell it holds its
 * swept values, its estimates and what makes them doubtful.
 */
export async function fitOfSweep(
  database: Database,
  sweepId: string,
  formula: string,
  { method, onCells = () => undefined }: { readonly method?: Method['kind']; readonly onCells?: OnCells } = {},
): Promise<Told<FitData>> {
  const { head, cells, warnings } = await withResults(database, sweepId, async (results) => {
    const all: JudgedCell[] = []
    for await (const { index, params, trials, estimates, checks } of results.cells()) {
      all.push({ index, params, trials: Number(trials), estimates, checks: checks.filter(isDoubt) })
      onCells(all.length, results.head.sweep.cells)
    }
    return { head: results.head, cells: all, warnings: results.warnings }
  })
  const temperatures = new Map<number, BarrierTemperature>()
  for await (const { index, cell } of cellsOf(database, { id: sweepId, cells: cells.length }))
    temperatures.set(index, barrierTemperature(cell))
  const fitted = fitOf(cells, formula, temperatures, method)
  return { data: fitData({ ...head, cells }, formula, fitted), warnings: [...warnings, ...fitted.warnings] }
}
