import type { Cell, Start } from '@driftfarm/spec'
import { descentsCost, stepCost } from './cost.ts'
import { quietCell } from './quietCell.ts'

/**
 * Nanoseconds of the kernel that a control may take, about a fifth of a second, before its steps are cut; and before
 * its trials are.
 */
const enough = 2e8
const most = 5e9
/** Steps that are looked at however long they take, if the cell has so many. */
const fewestSteps = 2000
const fewestTrials = 10

/**
 * The null experiment as an ordinary cell, whose trials the kernel runs and replays as any other's: the cell without
 * drift and with the full batch, by streams of its own, and with so many of its steps as can be looked at. Null where
 * the cell measures nothing that it could show. A cell that splits or is tilted has plain trials as its control.
 */
export function controlCellOf(cell: Cell): Cell | null {
  if (!measures(cell)) return null
  const quiet = quietCell(cell)
  const room = enough / trialsOf(quiet.start) - descentsCost(quiet).kernel
  const steps = Math.max(fewestSteps, Math.floor(room / stepCost(quiet).kernel))
  if (steps >= quiet.trial.steps) return quiet
  return { ...quiet, trial: { ...quiet.trial, steps } }
}

/** Trials of a control: from a point all are the same one; where descents would take minutes, fewer than 100. */
export function controlTrialsOf(control: Cell): number {
  const trials = trialsOf(control.start)
  const one = control.trial.steps * stepCost(control).kernel + descentsCost(control).kernel
  return Math.max(Math.min(trials, fewestTrials), Math.min(trials, Math.floor(most / one)))
}

export function trialsOf(start: Start): number {
  return isPoint(start) ? 1 : 100
}

/** Whether all trials begin at one point: where a descent from a point ends is a point too. */
export function isPoint(start: Start): boolean {
  return start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point'
}

function measures({ trial }: Cell): boolean {
  const { escape, converge, classify, marks, quench, minima } = trial
  const settles = quench !== null && minima.length > 0
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0 || settles
}
