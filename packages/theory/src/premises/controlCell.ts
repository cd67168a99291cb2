import type { Cell, Start } from '@driftfarm/spec'
import { stepCost, trialCost } from './cost.ts'
import { noiseFreeCell } from './noiseFreeCell.ts'
import { withSteps } from './plainCell.ts'

/**
 * Returns the control run as an ordinary cell, whose trials the kernel can run and replay like any others. It is the
 * cell without drift, with the full batch, with separate streams, and with at most `steps` steps. If the cell uses
 * splitting or tilting, its control run has plain trials. Returns null if the cell measures nothing that a control run
 * could show.
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
 * A control run of one trial is worth running only with at least this many steps, or with all steps of the cell. A
 * control run of several trials needs 20 times this number of steps.
 */
const minSteps = 10
/** If the run takes too long, its steps are first reduced to this number, unless the cell has fewer. */
const usualSteps = 2000
/** If the run still takes too long, its trials are reduced to this number, and only then its steps further. */
const minTrials = 10

/**
 * Returns how many trials and steps of a control run fit into this many nanoseconds. If time allows, a control run has
 * 100 trials, or one if all start at one point. If the run takes too long, the steps are first reduced to 2000, then
 * the trials to 10, then both are reduced further. Returns null if even one trial of 10 steps takes too long. Also
 * returns null if one trial takes too long to reach the first test for an escape, because no trial of a shorter control
 * run could escape.
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

/** Whether all trials start at one point. This includes trials that all descend from one point. */
export function isPoint(start: Start): boolean {
  return start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point'
}

/** Whether the cell requests anything that noise could change. */
export function measures({ trial }: Cell): boolean {
  const { escape, converge, classify, marks, quench, minima } = trial
  const settles = quench !== null && minima.length > 0
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0 || settles
}
