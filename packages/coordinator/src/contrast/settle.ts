import {
  type ContrastRow,
  contrastsDue,
  type Database,
  insertContrasts,
  prefixesOf,
  storedContrasts,
  sweepHead,
} from '@driftfarm/database'
import { defaults } from '../defaults.ts'
import { contrastNow } from './estimate.ts'
import { type ComparedCells, comparedCells } from './pairs.ts'

/**
 * Makes the contrasts of a sweep none of whose cells is open, a slice of them; true if there were any to be made. Only
 * when it is false may the sweep end: what says complete has its contrasts.
 */
export async function settleContrasts(database: Database, epoch: number, sweepId: string): Promise<boolean> {
  if (!(await contrastsDue(database, sweepId))) return false
  const head = await sweepHead(database, sweepId)
  const stored = new Set((await storedContrasts(database, sweepId)).map(keyOf))
  const all = comparedCells(head.demand, await prefixesOf(database, sweepId, { whole: true }))
  const due = all.filter((compared) => ended(compared) && !stored.has(keyOfCells(compared)))
  const made: ContrastRow[] = []
  for (const compared of due.slice(0, defaults.contrastSlice)) {
    const contrast = await contrastNow(database, head, compared, all.length)
    if (contrast !== null) made.push(contrast)
  }
  if (made.length > 0) await insertContrasts(database, epoch, sweepId, made)
  return made.length > 0
}

/** Of a failed cell there is no answer to store. */
export function ended({ first, second }: ComparedCells): boolean {
  return first.state === 'done' && second.state === 'done'
}

export const keyOf = ({ place, first, second }: Pick<ContrastRow, 'place' | 'first' | 'second'>): string =>
  `${place} ${first} ${second}`

export const keyOfCells = ({ place, first, second }: ComparedCells): string =>
  keyOf({ place, first: first.index, second: second.index })
