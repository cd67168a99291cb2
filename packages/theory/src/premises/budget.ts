import type { ModuleOf } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { type PremiseLevel, premiseLevels } from '@driftfarm/statistics'
import { descentsCost, stepCost, trialCost } from './cost.ts'

/**
 * The work in nanoseconds that the premises of a cell may take at each level, counted by the estimates of `cost.ts` and
 * not by a clock: premises are the same on every machine.
 */
const budgets = premiseLevels.map((level) => 5e5 * 10 ** (level / 2))

/**
 * The shares of the parts. `start` are the events that hold there, `landmarks` are the starts, the descents from them
 * and the curvature, which most parts use and cells of one landscape and start share.
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
 * Work that parts may take at any level, in nanoseconds. Few cells need as much. Landmarks are shared by many cells;
 * descents beside a start are followed only where it may be a saddle.
 */
const floors: Readonly<Partial<Record<BudgetPart, number>>> = { landmarks: 1e7, saddle: 1e7 }
/**
 * The null experiment is the most informative. It gets this work, in nanoseconds, if that is at most a quarter of a
 * level's.
 */
const ofControl = 1e6

export type BudgetPart = keyof typeof shares

/** What a part that runs trials gets: the source of compiled modules, and the work in nanoseconds that it may take. */
export interface PartBudget {
  readonly module: ModuleOf
  readonly allowance: number
}

/** The error of a part that was not started because it would exceed its share. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded'
  constructor(what: string) {
    super(`${what} would take more than 5 % of the work of the trials, the limit for checks`)
  }
}

/** The level of a cell that is alone in its sweep, whatever its trials: that of 50 ms. */
export const usualLevel: PremiseLevel = 4

export interface Budget {
  readonly level: PremiseLevel
  /**
   * The work in nanoseconds that a part may take. A part does not begin what cannot end within it, does less where it
   * can, and keeps in its premise how much it has done.
   */
  of(part: BudgetPart): number
}

export function budgetOf(level: PremiseLevel): Budget {
  const work = budgets[level]!
  const floor = (part: BudgetPart) => (part === 'control' ? Math.min(ofControl, work / 4) : (floors[part] ?? 0))
  return { level, of: (part) => Math.max(floor(part), shares[part] * work) }
}

/**
 * The share of the work of the trials that premises may take: less than 5 %, as estimates may be wrong by a factor of
 * two and some trials are cheaper than that. And the work in nanoseconds that a sweep has for free.
 */
const shareOfWork = 0.03
const free = 5e7

/** What is requested for a cell. */
export interface PremiseDemand {
  readonly trials: number
  /** The number of cells of its sweep. */
  readonly cells: number
  /** Steps that a trial takes on average, where that is known: trials that escape early are short. */
  readonly steps?: number
  /** Seconds that a trial took on average, where they were measured over enough trials to mean something. */
  readonly seconds?: number
}

/** An estimate that is too small by more than this factor is replaced by what was measured: descents may be long. */
const farOff = 4

/**
 * The level for a cell with this number of requested trials: the highest one whose budget is at most 3 % of the work
 * of these trials and the cell's part of the free work.
 */
export function levelFor(cell: Cell, { trials, cells, steps, seconds = 0 }: PremiseDemand): PremiseLevel {
  const one = steps === undefined ? trialCost(cell) : steps * stepCost(cell).kernel + descentsCost(cell).kernel
  const taken = 1e9 * seconds > farOff * one ? 1e9 * seconds : one
  const affordable = shareOfWork * trials * taken + free / cells
  return premiseLevels.findLast((level) => budgets[level]! <= affordable) ?? 0
}
