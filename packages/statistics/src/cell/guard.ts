import type { Tally } from '@driftfarm/kernel'
import type { Demand, StopRule, Until } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import type { CellFacts } from '../evidence/evidence.ts'
import type { IntervalGuard, OwnInterval } from '../interval/guard.ts'
import { alphaOf } from '../interval/interval.ts'
import { type Ending, isStopRule, ruleOf, type Stopped } from './stopped.ts'

/** How the number of trials of a tally was chosen. This choice decides which intervals are valid. */
export type SampleSizeChoice = (
  | { readonly kind: 'fixed' }
  /** The cell could have ended at any of its `checkPoints` check points, depending on the results. */
  | { readonly kind: 'stopped'; readonly by: StopRule | { readonly rule: Ending }; readonly checkPoints: number }
  | { readonly kind: 'running' }
  /** The number of trials, or the stopping rule, was chosen when results could be seen. */
  | { readonly kind: 'extended' }
) &
  Circumstances

interface Circumstances extends CellFacts {
  /** Number of cells of the sweep; required for simultaneous intervals. */
  readonly cells?: number
  /** Id of the cell; required if a rule with `method: gbas` ended the cell. */
  readonly cell?: string
}

interface ChoiceInputs extends Required<Circumstances> {
  readonly demand: Demand
  /** Whether results could already be seen when the number of trials or the stopping rule was chosen. */
  readonly extended: boolean
}

/** `stopped` is null while trials are pending. */
export function sampleSizeChoiceOf(
  { demand, cells, extended, trial, cell, samples, original }: ChoiceInputs,
  stopped: Stopped | null,
): SampleSizeChoice {
  const rest = { cells, trial, cell, samples, original }
  if (stopped === null) return { kind: 'running', ...rest }
  if (extended) return { kind: 'extended', ...rest }
  if (demand.until === null) return { kind: 'fixed', ...rest }
  const points = checkPoints(demand.until.min, demand.until.max).length
  return { kind: 'stopped', by: stopped, checkPoints: points, ...rest }
}

export type IntervalRequest = Pick<Demand, 'confidence' | 'simultaneous' | 'interval' | 'until'>

export function guardOf(requested: IntervalRequest, choice: SampleSizeChoice, tally: Tally): IntervalGuard {
  const { interval } = requested
  const confidence = requested.until?.confidence ?? requested.confidence
  const cells = requested.simultaneous ? cellsOf(choice) : null
  if (choice.kind !== 'stopped')
    return guard(choice.kind === 'fixed' ? 'fixed' : 'anytime', { confidence, cells, interval })
  const { by } = choice
  const rule = isStopRule(by) ? by : null
  const until = requested.until ?? { rules: rule === null ? [] : [rule], min: 0, max: tally.trials }
  const entry = rule === null ? null : ruleOf(rule)
  if (rule === null || entry === null || !('nth' in entry) || (entry.endsAtFirst && tally.trials <= until.min))
    return atCheckPoint({ confidence, cells, interval }, until, choice.checkPoints)
  const nth = entry.nth(rule, eventAlpha({ ...until, confidence }, cells))
  const place = { cell: choice.cell, most: until.max }
  return guard('anytime', {
    confidence,
    cells,
    interval,
    divisor: parts(until),
    own: { estimate: rule.estimate, at: (k, n, alpha) => (k === nth ? entry.after(rule, k, n, alpha, place) : null) },
  })
}

export interface CheckPointContext {
  /** The number of cells if intervals are simultaneous; else null, the default. */
  readonly cells?: number | null
  readonly trial?: CellFacts['trial']
  /** Whether the rule was chosen when results of the cell could be seen; default false. */
  readonly extended?: boolean
}

export function guardAtCheckPoint(
  until: Until,
  checkPoints: number,
  { cells = null, extended = false }: CheckPointContext,
): IntervalGuard {
  const shared = { confidence: until.confidence, cells }
  return extended ? guard('anytime', shared) : atCheckPoint(shared, until, checkPoints)
}

/** The alpha that determines the number of events of a rule that ends a cell at an event. */
export function eventAlpha(until: Pick<Until, 'rules' | 'confidence' | 'budget'>, cells: number | null): number {
  return alphaOf(until.confidence) / (cells ?? 1) / parts(until)
}

/**
 * The number of parts into which the alpha of an estimate is divided. If a cell has an event rule and also other rules
 * or a budget, it can end in three ways: at a check point, at an event of this estimate, or at an event of another
 * estimate. Each of the three ways has its own kind of interval, which uses one part of alpha.
 */
function parts({ rules, budget }: Pick<Until, 'rules' | 'budget'>): number {
  return (rules.length > 1 || budget !== undefined) && rules.some((rule) => 'nth' in ruleOf(rule)) ? 3 : 1
}

/** If the only rule is an event rule, the interval of its estimate is exact and may use all of alpha. */
function atCheckPoint(shared: Shared, until: Pick<Until, 'rules' | 'budget'>, checkPoints: number): IntervalGuard {
  const [only] = until.rules
  const entry = only === undefined ? null : ruleOf(only)
  if (only !== undefined && entry !== null && 'nth' in entry && parts(until) === 1)
    return guard('anytime', { ...shared, own: { estimate: only.estimate, at: entry.before } })
  return guard('look', { ...shared, divisor: parts(until) * checkPoints })
}

interface Shared {
  readonly confidence: number
  readonly cells: number | null
  readonly interval?: Demand['interval']
  readonly divisor?: number
  readonly own?: OwnInterval
}

/** An object spread is slow, and most sweeps need this object for every cell. */
function guard(
  kind: IntervalGuard['kind'],
  { confidence, cells, interval = 'clopper-pearson', divisor = 1, own }: Shared,
): IntervalGuard {
  const alpha = alphaOf(confidence) / (cells ?? 1)
  return own === undefined
    ? { confidence, alpha, divisor, simultaneous: cells, kind, interval }
    : { confidence, alpha, divisor, simultaneous: cells, kind, interval, own }
}

function cellsOf(choice: SampleSizeChoice): number {
  if (choice.cells === undefined) throw new StatisticsError('CELLS', 'none given', 'pass `cells`')
  return choice.cells
}

let latest: { readonly min: number; readonly max: number; readonly points: readonly number[] } | undefined

/**
 * The numbers of trials at which stopping rules are checked: the distinct numbers ceil(min (5/4)^k) below max for
 * k = 0, 1, ..., and then max. BigInt keeps them exact.
 *
 *     checkPoints(1000, 2000) // [1000, 1250, 1563, 1954, 2000]
 */
export function checkPoints(min: number, max: number): readonly number[] {
  // Cached, since all cells of a sweep have the same `min` and `max`.
  if (latest?.min !== min || latest.max !== max) latest = { min, max, points: Object.freeze(list(min, max)) }
  return latest.points
}

function list(min: number, max: number): number[] {
  const points: number[] = []
  for (let numerator = BigInt(min), denominator = 1n; ; numerator *= 5n, denominator *= 4n) {
    const point = Number((numerator + denominator - 1n) / denominator)
    if (point >= max) return [...points, max]
    if (point !== points.at(-1)) points.push(point)
  }
}
