import { trialCost } from '@driftfarm/kernel'
import type { Cell, Drift } from '@driftfarm/spec'
import type { FirstStepPremise } from '@driftfarm/statistics'
import { isPoint } from '../question/startPoint.ts'
import { affordableSteps } from './budget.ts'
import { hasEvents } from './control.ts'
import type { Landmarks, Study } from './landmarks.ts'
import { withDrift, withoutDescents, withSteps } from './plainCell.ts'
import { eventSharesOf } from './start.ts'

const maxTrials = 40
const minTrials = 10
const loudFactor = 4
const loudTrials = 20

/**
 * Examines which events hold after the first step of the cell's trials, and which classes hold at the horizon even if
 * the noise is four times as large. An event is useless if it holds after one step in nearly all trials, and a class is
 * useless if noise never changes it. Returns null if the cell requests neither events nor classes, or if `allowance`,
 * the kernel time in nanoseconds, is not enough for ten trials.
 */
export async function firstStepPremise(study: Study): Promise<FirstStepPremise | null> {
  const { cell, landmarks, allowance } = study
  const { converge, marks, classify } = cell.trial
  if (!hasEvents(cell.trial)) return null
  const hold = converge?.hold ?? 1
  // The histograms of direct trials show when they escape and converge, so no additional trials are run here.
  if (cell.method.kind === 'direct' && marks.length === 0 && classify.length === 0)
    return { trials: 0, hold, holds: {}, loud: null }
  const plain = startingAtPoint(withoutDescents(cell), landmarks)
  const first = withSteps(plain, 1)
  const trials = Math.min(maxTrials, Math.floor(allowance / trialCost(first)))
  if (trials < minTrials) return null
  return {
    trials,
    hold,
    holds: await eventSharesOf(first, trials, study),
    loud: await loudClasses(plain, study),
  }
}

/**
 * If all trials start at one point, the returned cell contains this point, because finding it by a descent in each
 * trial would take longer than the rest of the trial.
 */
function startingAtPoint(cell: Cell, landmarks: () => Landmarks): Cell {
  const { start } = cell
  return isPoint(start) ? { ...cell, start: { kind: 'point', point: [...landmarks().starts()[0]!] } } : cell
}

async function loudClasses(cell: Cell, study: Study): Promise<FirstStepPremise['loud']> {
  const { escape, converge, marks, classify } = cell.trial
  const { drift } = cell.update
  if (classify.length === 0 || escape !== null || converge !== null || marks.length > 0 || drift.length === 0)
    return null
  if (drift.some(({ form, amount }) => form === 'flip' || amount.kind !== 'constant')) return null
  const louder = drift.map((entry): Drift => {
    const { value } = entry.amount as { readonly value: number }
    const factor = entry.form === 'additive' && entry.scale === 'temperature' ? loudFactor * loudFactor : loudFactor
    return { ...entry, amount: { kind: 'constant', value: factor * value } }
  })
  const loud = withDrift(cell, louder)
  const affordable = affordableSteps(loud, loudTrials, study.allowance)
  return affordable < 1 ? null : eventSharesOf(withSteps(loud, affordable), loudTrials, study)
}
