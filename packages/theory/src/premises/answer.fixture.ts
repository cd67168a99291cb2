import { type BatchResult, kernelOf, prepare, runReference } from '@driftfarm/kernel'
import { demandOf, parseSweep, type ResolvedCell, type Sweep, talliedHorizons } from '@driftfarm/spec'
import { type Check, checksOf, estimatesOf } from '@driftfarm/statistics'
import { levelFor } from './budget.ts'
import { premisesOf } from './premises.ts'

/** Most cells have a shape of their own, which takes longer to compile than a few trials take by the reference. */
export async function trialsOf(
  { cell, tables }: ResolvedCell,
  trials: number,
  horizons: readonly number[] = [],
): Promise<BatchResult> {
  const descends = cell.trial.quench !== null || cell.trial.escape?.kind === 'basin' || cell.start.kind === 'descend'
  if (cell.method.kind === 'direct' && !descends) return runReference(cell, 0, trials, { horizons, tables })
  return (await kernelOf(cell, tables)).run(0, trials, { keep: false, horizons })
}

export function sweepOf(spec: Record<string, unknown>): Sweep {
  return parseSweep(JSON.stringify(spec), { fileName: 'spec.json' })
}

export interface Answer {
  readonly checks: readonly Check[]
  readonly tally: BatchResult['tally']
}

/** What the one cell of a spec came to, and what is said of it, by all that a farm would keep of it. */
export async function answerOf(spec: Record<string, unknown>): Promise<Answer> {
  const sweep = sweepOf(spec)
  const resolved = sweep.cell(0)
  const { cell, tables } = resolved
  const demand = demandOf(sweep.demand, cell.method.kind)
  const horizons = talliedHorizons(demand)
  const { tally } = await trialsOf(resolved, demand.trials!, horizons)
  const { layout } = prepare(cell, tables)
  const estimates = estimatesOf(tally, layout, demand, {
    kind: 'fixed',
    trial: cell.trial,
    cells: 1,
    cell: resolved.id,
  })
  const level = levelFor(cell, { trials: demand.trials!, cells: 1, steps: Number(tally.steps) / tally.trials })
  const premises = await premisesOf(cell, tables, { level })
  const { escape, steps } = cell.trial
  const found = { tally, estimates, ended: 'trials', horizon: steps, premises, escape: escape?.kind ?? null }
  return { checks: checksOf(found), tally }
}
