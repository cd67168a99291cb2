import {
  type ContrastRow,
  contrastNow,
  contrastsDue,
  type Database,
  insertContrasts,
  pairsOfSweep,
  storedContrasts,
  sweepHead,
  wholePairs,
} from '@driftfarm/database'
import { bothDone, keyOf, keyOfCells } from '@driftfarm/statistics'
import { defaults } from './defaults.ts'

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
