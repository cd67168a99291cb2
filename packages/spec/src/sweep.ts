import type { Cell, Method, PreparedData } from './cell.ts'
import type { Tables } from './data.ts'
import { isEstimatedByValues } from './estimate/name.ts'
import type { StopRule } from './stopping.ts'

/**
 * What a sweep requests of each of its cells, as plain JSON. The request is not part of a cell's identity, and a newer
 * submission replaces it.
 */
export interface Demand {
  /** Exactly one of `trials` and `until` is not null. */
  readonly trials: number | null
  readonly until: Until | null
  /**
   * Number of replicas of each splitting cell, in a sweep that also has cells of another method. Absent: `trials`
   * applies to all cells.
   */
  readonly replicas?: number
  readonly record: RecordRule
  /** Additional horizons h < trial.steps, ascending. */
  readonly horizons: readonly number[]
  /** Number of burn-in steps that `escapeRate` ignores, 1 .. trial.steps - 1. Absent: no burn-in. */
  readonly rateAfter?: number
  readonly confidence: number
  /** Intervals hold for all cells together: 1 - confidence is divided by the number of cells (Bonferroni). */
  readonly simultaneous: boolean
  readonly interval: 'clopper-pearson' | 'wilson' | 'jeffreys'
  /**
   * The estimates to report, named as in results (`escape`, `exit:upper`, `settle:left`, `class:good`, `mark:m2`,
   * `escapeStep`, ...). Null stands for every probability that the events define.
   */
  readonly estimates: readonly string[] | null
  readonly contrasts: readonly Contrast[]
  /** Absent: nothing is observed. */
  readonly observe?: readonly Observation[]
}

/** A number that is evaluated in each trial. Its estimate is called `observe:NAME`. */
export interface Observation {
  readonly name: string
  /** A numeric expression over the names that conditions of events may use. */
  readonly value: string
  /** `mark:NAME` is the first step at which the mark holds. Empty for a series. */
  readonly at: readonly ('start' | 'escape' | 'converge' | 'horizon' | `mark:${string}`)[]
  /** The value is also evaluated at the steps 0, every, 2 * every, ..., as a series. Absent: no series. */
  readonly every?: number
}

/**
 * The values that trials must compute, as keys `VALUE@TIME`, such as `loss@escape`; a series is `loss@every:100`.
 * Tallies store the sums of values under these keys, so that sweeps with different names share them.
 */
export function observedKeys(observe: Demand['observe'] = []): readonly string[] {
  const keys = observe.flatMap(({ value, at, every }) =>
    [...at, ...(every === undefined ? [] : [`every:${every}`])].map((time) => `${value}@${time}`),
  )
  return [...new Set(keys)].sort()
}

/**
 * Names of the estimates of observed values: `observe:NAME` if the value has one time, otherwise `observe:NAME@TIME`
 * for each.
 */
export function observedNames(observe: Demand['observe'] = []): readonly string[] {
  return observe.flatMap(({ name, at }) =>
    at.length === 1 ? [`observe:${name}`] : at.map((time) => `observe:${name}@${time}`),
  )
}

/**
 * The columns of rows with observed values, and their keys: `observe_NAME` if the value has one time, otherwise
 * `observe_NAME_TIME` for each, such as `observe_loss_mark_m2`. Series have no columns.
 */
export function observedColumns(observe: Demand['observe'] = []): ReadonlyMap<string, string> {
  const columns = new Map<string, string>()
  for (const { name, value, at } of observe)
    for (const time of at) {
      const wanted = `observe_${name}${at.length === 1 ? '' : `_${time.replace(':', '_')}`}`
      let column = wanted
      for (let n = 2; columns.has(column); n++) column = `${wanted}_${n}`
      columns.set(column, `${value}@${time}`)
    }
  return columns
}

/** The key of an estimate, which is named `observe:` and `text`; null if the request has no such estimate. */
export function observedKeyOf(text: string, observe: Demand['observe'] = []): string | null {
  const [name, time] = text.split(/@(.*)/s)
  const found = observe.find((each) => each.name === name)
  const at = found?.at.find((each) => (time === undefined ? found.at.length === 1 : each === time))
  return at === undefined ? null : `${found!.value}@${at}`
}

/** The number of points of a series: at the steps 0, every, 2 every, .. up to the horizon. */
export const pointsOf = (every: number | undefined, steps: number): number =>
  every === undefined ? 0 : Math.floor(steps / every) + 1

/**
 * Compares a probability between pairs of cells. At `path`, the cells of a pair have the two values in `between`. All
 * other parameters are equal, except those in `along`.
 */
export interface Contrast {
  /** The name of the probability, as in results. */
  readonly of: string
  /** p1 - p2 or p1 / p2. */
  readonly kind: 'difference' | 'ratio'
  /** As written in the spec. */
  readonly path: string
  /** The two values, exactly as they are on the axis. */
  readonly between: readonly [unknown, unknown]
  /** Other paths on the axis of `path`, whose values may also differ between the cells of a pair. */
  readonly along: readonly string[]
}

/**
 * The part of the request that applies to a method. Splitting and tilt estimate only escape probabilities. For
 * splitting, `trials` becomes the number of replicas.
 */
export function demandOf(demand: Demand, method: Method['kind']): Demand {
  if (method === 'direct') return demand
  const { rateAfter: _, observe: __, ...rest } = demand
  const estimates = demand.estimates?.filter(isEstimatedByValues) ?? null
  const valued = { ...rest, estimates, horizons: [], contrasts: [] }
  return method === 'tilt' ? valued : { ...valued, trials: demand.replicas ?? demand.trials, until: null }
}

/**
 * The steps before trial.steps at which events are tallied, ascending: the additional horizons and the end of the
 * burn-in.
 */
export function talliedHorizons({
  horizons,
  rateAfter = 0,
}: Pick<Demand, 'horizons' | 'rateAfter'>): readonly number[] {
  if (rateAfter === 0 || horizons.includes(rateAfter)) return horizons
  return [...horizons, rateAfter].sort((a, b) => a - b)
}

/**
 * The outcomes that are recorded as rows.
 *  - none: no rows, only tallies.
 *  - events: trials that escaped, converged or diverged.
 *  - sample: trials for which a fixed hash of the index is below `share`.
 */
export type RecordRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'events' }
  | { readonly kind: 'none' }
  | { readonly kind: 'sample'; readonly share: number }

/** The first rule that is met at a check point ends the cell. A cell takes from `min` to `max` trials. */
export interface Until {
  readonly rules: readonly StopRule[]
  readonly confidence: number
  readonly min: number
  readonly max: number
  /**
   * Total number of trials over all cells, spent where they are needed most. Absent: each cell takes as many trials as
   * its rules need.
   */
  readonly budget?: number
  /**
   * Absent if no threshold is searched. If a threshold is searched, `rules` has one entry, the rule `threshold`.
   */
  readonly threshold?: Searched
}

/** The axis along which a threshold is searched. Cells that differ only along this axis have consecutive indices. */
export interface Searched {
  /** As written in the spec. */
  readonly path: string
  /**
   * Number of grid points on the axis, 2^k + 1. Cells that differ only along the axis form a line. Line i consists of
   * the cells i * points .. (i + 1) * points - 1.
   */
  readonly points: number
}

export interface ResolvedCell {
  readonly index: number
  readonly id: string
  /** Values of the swept paths, in axis order. */
  readonly params: Readonly<Record<string, unknown>>
  readonly cell: Cell
  /** One object for all cells that share the data. Null if there are no data. */
  readonly tables: Tables
  /** Canonical JSON text of `cell`. */
  readonly canonical: string
}

/** Cells are made on request, so a sweep of 10^6 cells takes no memory in advance. */
export interface Sweep {
  readonly name: string
  readonly seed: string
  readonly tags: Readonly<Record<string, string>>
  /** The name of the preset, the formula, or the layers of the network, as a short text. */
  readonly landscape: string
  /** An integer from -10 to 10. */
  readonly priority: number
  /** Swept paths, in order. */
  readonly axes: readonly string[]
  readonly cellCount: number
  readonly demand: Demand
  /**
   * Lists each different preparation of a data set once. A preparation encodes words, treats missing values or scales
   * inputs. Data that were used unchanged are listed only if there is a test set.
   */
  readonly prepared: readonly PreparedSet[]
  readonly designs: readonly Design[]
  /** Upper bound of the total number of trials over all cells. */
  readonly maxTrials: bigint
  cell(index: number): ResolvedCell
  cells(): Iterable<ResolvedCell>
  /** In cell order. The first call of `ids` or `identity` makes all cells and stores the ids. */
  ids(): Iterable<string>
  /** The first call walks all cells; later calls use the cached result. */
  identity(): SweepIdentity
  /**
   * Computes and caches the result of `identity` in strides of a thousand cells. After each stride, the generator
   * yields the number of cells done, so that the caller can do other work.
   */
  identifying(): Generator<number, SweepIdentity>
  id(): string
}

/** Points spread evenly over the box that several axes span. */
export interface Design {
  readonly kind: 'sobol' | 'latin'
  readonly points: number
  /** The swept paths, in the order of the dimensions. */
  readonly axes: readonly string[]
}

export interface PreparedSet {
  readonly rows: number
  readonly prepared: PreparedData
  readonly isTest?: boolean
}

export interface SweepIdentity {
  /**
   * Hash of the sweep name and the set of cell ids, 32 hex digits. The hash depends neither on the order of the cells
   * nor on the axes that produced them.
   */
  readonly id: string
  /**
   * SHA-256 of the lines `INDEX ID PARAMS` of all cells in order, 64 hex digits. PARAMS is `params` as JSON, and each
   * line ends with a line feed.
   */
  readonly plan: string
}
