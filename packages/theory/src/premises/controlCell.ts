import type { Cell, Start } from '@driftfarm/spec'
import { stepCost, trialCost } from './cost.ts'
import { noiseFreeCell } from './noiseFreeCell.ts'
import { withSteps } from './plainCell.ts'

/**
 * Returns the control run as an ordinary cell, which the kernel can run and replay: plain trials of the same cell
 * without drift, with the full batch, separate streams and at most `steps` steps. A control run checks escapes,
 * convergence, classes and marks. If minima are named, it also checks quenches. Returns null if the cell has nothing to
 * check.
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

/**
 * Minimum number of steps of a control run of one trial. In a run of several trials, each trial must have at least 20
 * times as many steps.
 */
const minSteps = 10
const usualSteps = 2000
const minTrials = 10

/**
 * Returns how many trials and steps of a control run fit into `allowance` nanoseconds. If the run takes too long, the
 * steps are first reduced to 2000, then the trials to 10, then both further. Returns null if one trial of 10 steps
 * takes too long, or if one trial takes too long to reach the first test for an escape. Before this test, no trial can
 * escape.
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

export function isPoint(start: Start): boolean {
  return start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point'
}

export function measures({ trial }: Cell): boolean {
  const { escape, converge, classify, marks, quench, minima } = trial
  const settles = quench !== null && minima.length > 0
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0 || settles
}
