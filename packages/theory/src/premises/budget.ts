import { descentsCost, stepCost, trialCost } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { type PremiseLevel, type PremisePart, premiseLevels } from '@driftfarm/statistics'
import { withSteps } from './plainCell.ts'

/**
 * The budget of each level, in nanoseconds. Times are estimates by `cost.ts`, because measured times would make the
 * premises depend on the machine.
 */
const budgets = premiseLevels.map((level) => 5e5 * 10 ** (level / 2))

/**
 * The share `start` is for testing which events hold at the start. The share `landmarks` is for the starts, the
 * descents from the starts and the curvature.
 */
const shares: Readonly<Partial<Record<BudgetPart, number>>> = {
  landmarks: 0.2,
  start: 0.05,
  control: 0.1,
  basin: 0.3,
  settling: 0.08,
  twins: 0.05,
  overshoot: 0.12,
  saddle: 0.05,
  firstStep: 0.03,
  relaxation: 0.02,
}

/**
 * Minimum allowances in nanoseconds. Few cells use them up: cells with the same landscape and start share their
 * landmarks, and `saddle` follows descents only if a start may be a saddle.
 */
const floors: Readonly<Partial<Record<BudgetPart, number>>> = { landmarks: 1e7, saddle: 1e7 }
/**
 * In nanoseconds. The control run may exceed its share because it is the most informative part.
 */
const controlFloor = 1e6

export type BudgetPart = PremisePart | 'landmarks'

export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded'
  /** `work` is the smallest useful amount of work, as a noun phrase. */
  constructor(readonly work: string) {
    super(`${work} would take too long: checks may take at most 5 % of the computing time of the trials`)
  }
}

/**
 * At this level, the budget is 50 ms. A cell that is alone in its sweep may use this budget even if it has few trials.
 */
export const usualLevel: PremiseLevel = 4

/**
 * The time in nanoseconds that a part of the premises may take. A part that needs more time does less work, or none if
 * even the smallest useful amount takes longer. The premise records how much work was done.
 */
export function allowanceOf(part: BudgetPart, level: PremiseLevel): number {
  const work = budgets[level]!
  const floor = part === 'control' ? Math.min(controlFloor, work / 4) : (floors[part] ?? 0)
  return Math.max(floor, (shares[part] ?? 0) * work)
}

/** Returns how many steps each of `trials` trials may take, up to the horizon, if all take at most `allowance` ns. */
export function affordableSteps(cell: Cell, trials: number, allowance: number): number {
  const begin = trialCost(withSteps(cell, 0))
  return Math.min(cell.trial.steps, Math.floor((allowance / trials - begin) / stepCost(cell).kernel))
}

/**
 * Premises may take this share of the estimated work of the trials. It is below the documented limit of 5 %, because
 * estimates may be wrong by a factor of two and some trials are cheaper than estimated.
 */
const shareOfWork = 0.03
/** Work that the premises of a sweep may take in addition to this share, in nanoseconds. */
const freePerSweep = 5e7

/** The request for a cell. */
export interface PremiseDemand {
  readonly trials: number
  /** The number of cells in the sweep. */
  readonly cells: number
  /** The average number of steps of a trial, if known. Trials that escape early are short. */
  readonly steps?: number
  /** The average number of seconds per trial, if measured over enough trials. */
  readonly seconds?: number
}

/**
 * The estimated time of a trial can be far too small if descents are long. If it is too small by more than this factor,
 * the measured time is used.
 */
const maxTimeRatio = 4

/**
 * A cell may use 3 % of the work of its requested trials, plus 50 ms divided by the number of cells. Returns the
 * highest level whose budget is within this limit, or level 0 if every budget is above it.
 */
export function levelFor(cell: Cell, { trials, cells, steps, seconds = 0 }: PremiseDemand): PremiseLevel {
  const one = steps === undefined ? trialCost(cell) : steps * stepCost(cell).kernel + descentsCost(cell).kernel
  const taken = 1e9 * seconds > maxTimeRatio * one ? 1e9 * seconds : one
  const affordable = shareOfWork * trials * taken + freePerSweep / cells
  return premiseLevels.findLast((level) => budgets[level]! <= affordable) ?? 0
}
