import type { Cell, Start } from '@driftfarm/spec'
import { stepCost, trialCost } from './cost.ts'
import { noiseFreeCell } from './noiseFreeCell.ts'
import { withSteps } from './plainCell.ts'

/**
 * The control run as an ordinary cell, whose trials the kernel runs and replays like any others: the cell
 * without drift, with the full batch, with separate streams, and with at most `steps` of its steps. null where the
 * cell measures nothing that a control could show. A cell that uses splitting or tilting has plain trials as its
 * control.
 */
export function controlCellOf(cell: Cell, steps = cell.trial.steps): Cell | null {
  if (!measures(cell)) return null
  const quiet = noiseFreeCell(cell)
  return steps >= quiet.trial.steps ? quiet : withSteps(quiet, steps)
}

export interface ControlSize {
  readonly trials: number
  readonly steps: number
}

/** The numbers of steps and of trials that are worth running, if the cell has as many. */
const minSteps = 10
const usualSteps = 2000
const minTrials = 10

/**
 * How many trials and steps of a control can be run in this many nanoseconds: one trial where all start at one point,
 * else 100. If they take too long, first the steps are reduced to 2000, then the trials to 10, then both further. null
 * where one trial of 10 steps takes longer, or one up to the first step at which an escape is searched for: without it
 * the control could not fail.
 */
export function controlSizeOf(control: Cell, allowance: number): ControlSize | null {
  const most = trialsOf(control.start)
  const { steps } = control.trial
  const fixed = trialCost(withSteps(control, 0))
  const step = stepCost(control).kernel
  const { escape } = control.trial
  const first = escape?.kind === 'basin' ? escape.every : 1
  const atLeast = (enough: number) => Math.min(steps, Math.max(enough, first))
  const stepsFor = (trials: number) => Math.min(steps, Math.floor((allowance / trials - fixed) / step))
  const trialsFor = (steps: number) => Math.min(most, Math.floor(allowance / (fixed + steps * step)))
  if (stepsFor(most) >= atLeast(usualSteps)) return { trials: most, steps: stepsFor(most) }
  const trials = trialsFor(atLeast(usualSteps))
  if (trials >= Math.min(most, minTrials)) return { trials, steps: atLeast(usualSteps) }
  for (const fewer of [Math.min(most, minTrials), Math.min(most, 3), 1])
    if (stepsFor(fewer) >= atLeast(fewer === 1 ? minSteps : 20 * minSteps))
      return { trials: fewer, steps: stepsFor(fewer) }
  return null
}

export function trialsOf(start: Start): number {
  return isPoint(start) ? 1 : 100
}

/** Whether all trials start at one point. The end of a descent from a point is a point too. */
export function isPoint(start: Start): boolean {
  return start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point'
}

/** Whether the cell requests anything that noise could change. */
export function measures({ trial }: Cell): boolean {
  const { escape, converge, classify, marks, quench, minima } = trial
  const settles = quench !== null && minima.length > 0
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0 || settles
}
