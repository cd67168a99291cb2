import type { ModuleOf } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { type PremiseLevel, premiseLevels } from '@driftfarm/statistics'
import { descentsCost, stepCost, trialCost } from './cost.ts'

/**
 * The work in nanoseconds that the premises of a cell may take at each level. It is estimated by `cost.ts`, not
 * measured, so that premises are the same on every machine.
 */
const budgets = premiseLevels.map((level) => 5e5 * 10 ** (level / 2))

/**
 * The share of the budget for each part. `start` pays for the events that hold at the start. `landmarks` pays for the
 * starts, the descents from them and the curvature. Most parts use the landmarks, and cells with the same landscape and
 * start share them.
 */
const shares = {
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
} as const

/**
 * The work in nanoseconds that a part may always take, even if its share of the budget is smaller. Few cells take this
 * much: many cells share their landmarks, and `saddle` follows descents only if a start may be a saddle.
 */
const floors: Readonly<Partial<Record<BudgetPart, number>>> = { landmarks: 1e7, saddle: 1e7 }
/**
 * The work in nanoseconds that the control run may take even if its share is smaller, up to a quarter of the budget of
 * the level. The control run is the most informative part.
 */
const ofControl = 1e6

export type BudgetPart = keyof typeof shares

/**
 * The budget of a part that runs trials: the source of compiled modules, and the work in nanoseconds that it may take.
 */
export interface PartBudget {
  readonly module: ModuleOf
  readonly allowance: number
}

/** Thrown if a part is not started because it would exceed its share. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded'
  constructor(what: string) {
    super(`${what} would take more than 5 % of the work of the trials, the limit for checks`)
  }
}

/** The default level. Its budget is 50 ms, which a cell alone in its sweep may take for any number of trials. */
export const usualLevel: PremiseLevel = 4

export interface Budget {
  readonly level: PremiseLevel
  /**
   * The work in nanoseconds that a part may take. If the full work exceeds this limit, the part does less. If even the
   * smallest useful amount of work exceeds the limit, the part does nothing. The premise records how much was done.
   */
  of(part: BudgetPart): number
}

export function budgetOf(level: PremiseLevel): Budget {
  const work = budgets[level]!
  const floor = (part: BudgetPart) => (part === 'control' ? Math.min(ofControl, work / 4) : (floors[part] ?? 0))
  return { level, of: (part) => Math.max(floor(part), shares[part] * work) }
}

/**
 * The share of the work of the trials that premises may take, and the additional work, in nanoseconds, that they may
 * take in each sweep. The share is below 5 %, because estimates may be wrong by a factor of two and some trials are
 * cheaper than estimated.
 */
const shareOfWork = 0.03
const free = 5e7

/** The request for a cell. */
export interface PremiseDemand {
  readonly trials: number
  /** The number of cells in the cell's sweep. */
  readonly cells: number
  /** The average number of steps of a trial, if known. Trials that escape early are short. */
  readonly steps?: number
  /** The average number of seconds per trial, if measured over enough trials. */
  readonly seconds?: number
}

/**
 * If the measured time exceeds the estimate by more than this factor, the measured time is used instead. Estimates for
 * long descents can be that wrong.
 */
const farOff = 4

/**
 * Returns the level for a cell with this number of requested trials: the highest level whose budget is at most 3 % of
 * the work of these trials, plus the cell's part of `free`.
 */
export function levelFor(cell: Cell, { trials, cells, steps, seconds = 0 }: PremiseDemand): PremiseLevel {
  const one = steps === undefined ? trialCost(cell) : steps * stepCost(cell).kernel + descentsCost(cell).kernel
  const taken = 1e9 * seconds > farOff * one ? 1e9 * seconds : one
  const affordable = shareOfWork * trials * taken + free / cells
  return premiseLevels.findLast((level) => budgets[level]! <= affordable) ?? 0
}
