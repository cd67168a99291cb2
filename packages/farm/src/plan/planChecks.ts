import type { PlannedChecks } from '@driftfarm/report'
import { demandOf, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { premiseChecks, premisesNotFound } from '@driftfarm/statistics'
import { levelFor, premisesOf } from '@driftfarm/theory'

/** Maximum number of cells to check between the first and the last cell, and the time limit in ms. */
const mostBetween = 18
const longestMs = 2000

/**
 * The checks that need no trials, for the first cell, the last cell, and as many cells between them as two seconds
 * allow.
 */
export async function planChecks(sweep: Sweep): Promise<readonly PlannedChecks[]> {
  const until = performance.now() + longestMs
  const last = sweep.cellCount - 1
  const found: PlannedChecks[] = []
  for (const index of new Set([0, last, ...between(last)])) {
    if (found.length >= 2 && performance.now() > until) break
    found.push(await checksOfCell(sweep.cell(index), sweep))
  }
  return found.sort((a, b) => a.index - b.index)
}

/**
 * Indices between 0 and `last`: the middle first, then the quarters, and so on. In this order, the checked cells are
 * spread evenly, no matter when the time runs out.
 */
function between(last: number): number[] {
  const places: number[] = []
  for (let parts = 2; places.length < mostBetween && parts <= 2 * last; parts *= 2)
    for (let part = 1; part < parts && places.length < mostBetween; part += 2)
      places.push(Math.round((part * last) / parts))
  return places
}

async function checksOfCell({ index, cell, data }: ResolvedCell, sweep: Sweep): Promise<PlannedChecks> {
  const { trials, until } = demandOf(sweep.demand, cell.method.kind)
  // The premise level depends on the number of trials. A stopping rule leaves this number open, so the rule's
  // minimum is used.
  const level = levelFor(cell, { trials: trials ?? until!.min, cells: sweep.cellCount })
  const premises = await premisesOf(cell, data, { level }).catch((error: Error) => premisesNotFound(error.message))
  const { escape } = cell.trial
  const checks = premiseChecks(premises, { escape: escape?.kind ?? null, measuresEscape: escape !== null })
  return { index, checks }
}
