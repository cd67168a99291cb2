import type { Cell, Start } from '@driftfarm/spec'
import { descentsCost, stepCost } from './cost.ts'
import { quietCell } from './quietCell.ts'

/**
 * Time of the kernel in nanoseconds: beyond `enough`, about a fifth of a second, a control runs fewer steps; beyond
 * `most` it runs fewer trials.
 */
const enough = 2e8
const most = 5e9
/** The least numbers of steps and of trials, however long they take, if the cell has as many. */
const fewestSteps = 2000
const fewestTrials = 10

/**
 * The control experiment as an ordinary cell, whose trials the kernel runs and replays like any others: the cell
 * without drift, with the full batch, with streams of its own, and with as many of its steps as there is time for. null
 * where the cell measures nothing that a control could show. A cell that uses splitting or tilting has plain trials as
 * its control.
 */
export function controlCellOf(cell: Cell): Cell | null {
  if (!measures(cell)) return null
  const quiet = quietCell(cell)
  const room = enough / trialsOf(quiet.start) - descentsCost(quiet).kernel
  const steps = Math.max(fewestSteps, Math.floor(room / stepCost(quiet).kernel))
  if (steps >= quiet.trial.steps) return quiet
  return { ...quiet, trial: { ...quiet.trial, steps } }
}

/**
 * The number of trials of a control: 1 where all start at one point, else 100, or fewer where descents would take
 * minutes.
 */
export function controlTrialsOf(control: Cell): number {
  const trials = trialsOf(control.start)
  const one = control.trial.steps * stepCost(control).kernel + descentsCost(control).kernel
  return Math.max(Math.min(trials, fewestTrials), Math.min(trials, Math.floor(most / one)))
}

export function trialsOf(start: Start): number {
  return isPoint(start) ? 1 : 100
}

/** Whether all trials start at one point. The end of a descent from a point is a point too. */
export function isPoint(start: Start): boolean {
  return start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point'
}

function measures({ trial }: Cell): boolean {
  const { escape, converge, classify, marks, quench, minima } = trial
  const settles = quench !== null && minima.length > 0
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0 || settles
}
