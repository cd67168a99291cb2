import { ends, trialCost } from '@driftfarm/kernel'
import { type Cell, trainedStart, trainingCell } from '@driftfarm/spec'
import type { PremiseLevel, TrainingPremise } from '@driftfarm/statistics'
import { allowanceOf } from './budget.ts'
import { type CellStudy, runTrials } from './runTrials.ts'

const most = 100

/** How the first training runs of a cell end; null if trials have no such runs, or if one takes too long. */
export async function trainingPremise(study: CellStudy, level: PremiseLevel): Promise<TrainingPremise | null> {
  const run = trainingCell(study.cell)
  const runs = run === null ? 0 : Math.min(most, Math.floor(allowanceOf('landmarks', level) / trialCost(run)))
  if (run === null || runs < 1) return null
  const { tally } = await runTrials(run, { first: 0, count: runs }, study)
  const list = ends.flatMap((end, i) => new Array<typeof end>(tally.ends[i]!).fill(end))
  return countEnds(study.cell, list)
}

export function countEnds(cell: Cell, list: readonly (typeof ends)[number][]): TrainingPremise {
  const start = trainedStart(cell)!
  const count = (wanted: string) => list.filter((end) => end === wanted).length
  const missed = start.until === null ? 0 : count('undecided')
  return { runs: list.length, missed, diverged: count('diverged'), until: start.until, steps: start.steps }
}
