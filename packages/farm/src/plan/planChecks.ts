import { durationText, type PlannedChecks } from '@driftfarm/report'
import { type Cell, defaultReplicas, demandOf, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { premiseChecks, premisesNotFound } from '@driftfarm/statistics'
import { levelFor, premisesOf } from '@driftfarm/theory'
import { dearHints } from './dearHints.ts'

/** Null without a pilot. */
type Speed = { secondsPerTrial(cell: Cell): number } | null

const mostBetween = 18
const longestMs = 2000

/** Computes no trials. Checks the first and the last cell, then other cells until two seconds have passed. */
export async function planChecks(sweep: Sweep, speed: Speed): Promise<readonly PlannedChecks[]> {
  const until = performance.now() + longestMs
  const last = sweep.cellCount - 1
  const found: PlannedChecks[] = []
  for (const index of new Set([0, last, ...between(last)])) {
    if (found.length >= 2 && performance.now() > until) break
    found.push(await checksOfCell(sweep.cell(index), sweep, speed))
  }
  return found.sort((a, b) => a.index - b.index)
}

/**
 * Lists the cell in the middle first, then the cells at the quarters, at the eighths, and so on. In this order, the
 * cells that are checked before the time runs out are spread almost evenly.
 */
function between(last: number): number[] {
  const places: number[] = []
  for (let parts = 2; places.length < mostBetween && parts <= 2 * last; parts *= 2)
    for (let part = 1; part < parts && places.length < mostBetween; part += 2)
      places.push(Math.round((part * last) / parts))
  return places
}

async function checksOfCell({ index, cell, tables }: ResolvedCell, sweep: Sweep, speed: Speed): Promise<PlannedChecks> {
  const { trials, until } = demandOf(sweep.demand, cell.method.kind)
  // A stopping rule leaves the number of trials open, so the rule's minimum is used.
  const level = levelFor(cell, { trials: trials ?? until!.min, cells: sweep.cellCount })
  const premises = await premisesOf(cell, tables, { level }).catch((error: Error) => premisesNotFound(error.message))
  const { escape } = cell.trial
  const checks = premiseChecks(premises, { escape: escape?.kind ?? null, measuresEscape: escape !== null })
  const hints = [...replicasHint(cell, trials ?? 0, speed), ...dearHints(cell, sweep.demand.observe)]
  const notes = hints.map((found) => ({ name: 'events', verdict: 'note', ...found }) as const)
  return { index, checks: [...checks, ...notes] }
}

/** More replicas than this are mostly trials that were meant. */
const manyReplicas = 1000

function replicasHint(cell: Cell, replicas: number, speed: Speed): ReturnType<typeof dearHints> {
  const { method } = cell
  if (method.kind !== 'splitting' || replicas <= manyReplicas) return []
  const seconds = speed?.secondsPerTrial(cell)
  const time = seconds === undefined ? '' : `, which take about ${durationText(replicas * seconds)} of CPU time`
  return [
    {
      text: `the cell has ${replicas} replicas of ${method.particles} particles${time}`,
      hint:
        `${defaultReplicas} replicas usually suffice: replace \`trials\` by ` +
        `method: {splitting: {replicas: ${defaultReplicas}}}`,
    },
  ]
}
