import { besideLeader, type Database, finishSweep, settlePlaces } from '@driftfarm/database'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleContrasts.ts'

/** Cells whose demands one transaction settles. */
const cellsAtATime = 500

/**
 * Settles what a sweep has got by an import, and ends it where nothing of it is missing, as a leader would: beside the
 * leader, who is held off for the time of each transaction, or where nobody leads. `cells` is the number of cells of
 * the sweep; `onCells` is told of how many have been looked at. Nothing is handed out.
 */
export async function settleBeside(
  database: Database,
  { id, cells }: { readonly id: string; readonly cells: number },
  onCells: (done: number) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < cells; from += cellsAtATime) {
    const places = { from, to: Math.min(cells, from + cellsAtATime) }
    for (;;) {
      const { changes } = await settlePlaces(database, besideLeader, id, places, (demand, ahead) =>
        settleDemand(demand, ahead, { estimate: true }),
      )
      if (changes.length === 0) break
    }
    onCells(places.to)
  }
  while (await settleContrasts(database, besideLeader, id));
  await finishSweep(database, besideLeader, id)
}
