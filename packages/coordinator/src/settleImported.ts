import { type Database, finishSweep, leaderBlockingEpoch, settleIndices } from '@driftfarm/database'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleContrasts.ts'

const cellsPerTransaction = 500

/**
 * Settles the imported batches of a sweep, and ends the sweep if it is complete, as a leading coordinator would.
 * Nothing is dispatched. No coordinator need be running. A leading coordinator is blocked during each transaction.
 * `onCells` receives the number of cells done so far.
 */
export async function settleImported(
  database: Database,
  { id, cells }: { readonly id: string; readonly cells: number },
  onCells: (done: number) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < cells; from += cellsPerTransaction) {
    const places = { from, to: Math.min(cells, from + cellsPerTransaction) }
    for (;;) {
      const { changes } = await settleIndices(database, leaderBlockingEpoch, id, places, (demand, ahead) =>
        settleDemand(demand, ahead, { estimate: true }),
      )
      if (changes.length === 0) break
    }
    onCells(places.to)
  }
  while (await settleContrasts(database, leaderBlockingEpoch, id));
  await finishSweep(database, leaderBlockingEpoch, id)
}
