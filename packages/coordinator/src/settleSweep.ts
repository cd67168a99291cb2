import {
  type ContrastRow,
  contrastNow,
  contrastsDue,
  type Database,
  finishSweep,
  insertContrasts,
  leaderBlockingEpoch,
  pairsOfSweep,
  settleIndices,
  storedContrasts,
  sweepHead,
  wholePairs,
} from '@driftfarm/database'
import { bothDone, keyOf, keyOfCells } from '@driftfarm/statistics'
import { defaults } from './defaults.ts'
import { settleDemand } from './settle.ts'

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

/**
 * Computes a slice of the contrasts of a sweep that has no open cells. Returns whether any contrast was computed. The
 * sweep may end only after this function has returned false, so that a complete sweep has all its contrasts.
 */
export async function settleContrasts(database: Database, epoch: number, sweepId: string): Promise<boolean> {
  if (!(await contrastsDue(database, sweepId))) return false
  const head = await sweepHead(database, sweepId)
  const stored = new Set((await storedContrasts(database, sweepId)).map(keyOf))
  const all = await pairsOfSweep(database, head)
  // A pair with a failed cell has no contrast to store.
  const due = all.filter((cells) => bothDone(cells) && !stored.has(keyOfCells(cells)))
  const made: ContrastRow[] = []
  for await (const compared of wholePairs(database, head, due.slice(0, defaults.contrastSlice))) {
    const contrast = await contrastNow(database, head, compared, all.length)
    if (contrast !== null) made.push(contrast)
  }
  if (made.length > 0) await insertContrasts(database, epoch, sweepId, made)
  return made.length > 0
}
