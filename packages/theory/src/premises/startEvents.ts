import { decodeOutcome, layoutOf } from '@driftfarm/kernel'
import { type Cell, type DataTable, printEstimate } from '@driftfarm/spec'
import type { StartPremise } from '@driftfarm/statistics'
import { BudgetExceeded, type PartBudget } from './budget.ts'
import { trialsOf } from './controlCell.ts'
import { trialCost } from './cost.ts'
import { fullBatch } from './noiseFreeCell.ts'
import { runTrials } from './runTrials.ts'

/**
 * Returns, for each event, the share of starts at which the event holds. The kernel tests the events, for landscapes
 * that would be slow on the host. Escape from a basin is not tested, because no trial has left its basin at the start.
 */
export async function startEvents(
  cell: Cell,
  data: DataTable | null,
  { module, allowance }: PartBudget,
): Promise<StartPremise['holds']> {
  const standing = standingCell(cell)
  const count = Math.min(trialsOf(cell.start), Math.floor(allowance / trialCost(standing)))
  if (count < 1) throw new BudgetExceeded('testing the events at one start')
  const { records } = await runTrials(standing, data, { first: 0, count }, module)
  const layout = layoutOf(standing)
  const counts = new Map<string, number>()
  for (let trial = 0; trial < count; trial++)
    for (const name of namesOf(decodeOutcome(records!, layout, trial))) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries([...counts].map(([name, times]) => [name, times / count]))
}

function* namesOf({ escapedAt, exit, convergedAt, marks, class: end }: ReturnType<typeof decodeOutcome>) {
  if (escapedAt !== null) yield 'escape'
  if (escapedAt !== null && exit !== null && exit !== '') yield printEstimate({ kind: 'exit', name: exit })
  for (const [name, at] of Object.entries(marks)) if (at !== null) yield printEstimate({ kind: 'mark', name })
  if (end !== null && end !== 'other') yield printEstimate({ kind: 'class', name: end })
  if (convergedAt !== null) yield 'converge'
}

function standingCell(cell: Cell): Cell {
  const { trial } = cell
  const { escape, converge } = trial
  return {
    ...cell,
    landscape: fullBatch(cell.landscape),
    update: { rule: { kind: 'custom', state: [], theta: 'theta' }, eta: { kind: 'constant', value: 1 }, drift: [] },
    method: { kind: 'direct' },
    streams: 'common',
    trial: {
      ...trial,
      warmup: 0,
      steps: 1,
      escape: escape?.kind === 'basin' ? null : escape,
      converge: converge === null ? null : { ...converge, hold: 1 },
      afterEscape: 'continue',
      afterConverge: 'continue',
    },
  }
}
