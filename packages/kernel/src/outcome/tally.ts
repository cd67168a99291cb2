import { addFields } from './add.ts'
import { addObserved, type Observed } from './observed.ts'
import { namedExits, type RecordLayout } from './outcome.ts'
import { decodeRecord } from './record.ts'
import { sumsOf, type ValueSums, type ValueTally, valueBin, zeroSums, zeroValues } from './values.ts'

/**
 * The additive summary of a contiguous range of outcomes of one cell. All integers are exact. Integers that can exceed
 * 2^53 are bigints. Two tallies of the same cell and the same horizons are added field by field.
 */
export interface Tally {
  readonly trials: number
  /** Number of trials for each of `ends`: escaped, converged, diverged, undecided. These numbers add up to `trials`. */
  readonly ends: readonly number[]
  /** Number of trials that escaped, including those that then ended in another way. */
  readonly escaped: number
  /** Number of trials by exit, in layout order. */
  readonly exits: readonly number[]
  /**
   * Number of trials by minimum, in layout order, then "other". Trials that neither converged nor were quenched are not
   * counted.
   */
  readonly settled: readonly number[]
  /** Number of trials by class, in layout order, then "other"; empty without classes. */
  readonly classes: readonly number[]
  /** Number of trials that reached each mark. */
  readonly marks: readonly number[]
  /** Steps taken by all trials. */
  readonly steps: bigint
  /** Sum over trials of min(tau, N), where tau is the step of the escape. A trial without an escape counts as N. */
  readonly escapeSteps: bigint
  /** Sum over trials of min(tau, N)^2. */
  readonly escapeStepsSquared: bigint
  /** Sparse histogram of escape steps: pairs [bin, count], ascending by bin; see `stepBin`. */
  readonly escapeHistogram: readonly (readonly [bin: number, count: number])[]
  /** Sparse histogram of the steps of convergence, in the same form. */
  readonly convergeHistogram: readonly (readonly [bin: number, count: number])[]
  readonly horizons: readonly HorizonTally[]
  /**
   * Number of trials that remained undecided because a descent used all its steps without converging. In these trials,
   * the basin at some step or the end point of the quench is unknown. Absent if 0.
   */
  readonly unreached?: number
  /** Sums of the values of splitting replicas or tilted trials; absent for direct trials, which have no values. */
  readonly values?: ValueTally
  /** Summaries of the observed values. Absent if the trials were computed without observations. */
  readonly observed?: Observed

  // Only direct trials have the following counts.

  /** Sum over trials of the steps up to the first escape, or up to the end of a trial that did not escape. */
  readonly atRisk?: bigint
  /**
   * Number of trials by combination of escape (yes or no), end and minimum: pairs [place, count], ascending by place,
   * without counts of 0; see `jointPlace`.
   */
  readonly joint?: readonly (readonly [place: number, count: number])[]
  /** One entry for each mark. */
  readonly markSteps?: readonly MarkSteps[]
}

/**
 * Sums over trials of the steps until a mark, and of the squares of these steps. If a trial never reached the mark, all
 * steps of the trial count.
 */
export interface MarkSteps {
  readonly steps: bigint
  readonly stepsSquared: bigint
  /** The same two sums over only the trials that reached the mark. */
  readonly reached: bigint
  readonly reachedSquared: bigint
}

/** Counts of events up to and including the step `horizon`, which is below N. */
export interface HorizonTally {
  readonly horizon: number
  readonly escaped: number
  readonly converged: number
  readonly diverged: number
  readonly exits: readonly number[]
  readonly marks: readonly number[]
  /** Number of steps after `horizon` at which a first escape was still possible, summed over trials. */
  readonly atRisk: bigint
  /** Number of trials that escaped or diverged by the step `horizon`. */
  readonly departed: number
}

/**
 * A number for each combination of escape, end and minimum, used in `joint`. `settled` is 0 for no minimum, k for the
 * k-th minimum, and minima + 1 for "other".
 */
export function jointPlace(escaped: boolean, end: number, settled: number, minima: number): number {
  return ((escaped ? 4 : 0) + end) * (minima + 2) + settled
}

/**
 * The bin of a step n >= 1. Each step below 64 has a bin of its own. From 64 on, each octave has 32 bins. Bin b
 * contains the steps in [binStart(b), binStart(b + 1)).
 */
export function stepBin(step: number): number {
  if (step < 64) return step
  const octave = Math.floor(Math.log2(step)) // may be off by one; `exponent` corrects this
  const exponent = 2 ** octave > step ? octave - 1 : 2 ** (octave + 1) <= step ? octave + 1 : octave
  return 64 + (exponent - 6) * 32 + Math.floor((step / 2 ** exponent - 1) * 32)
}

export function binStart(bin: number): number {
  if (bin < 64) return bin
  const exponent = 6 + Math.floor((bin - 64) / 32)
  return 2 ** exponent + ((bin - 64) % 32) * 2 ** (exponent - 5)
}

/**
 * Additive 128-bit hash of the multiset of pairs (trial index, record). The hashes of batches are added mod 2^128. A
 * digest is printed as `mset128:` and 32 hex digits.
 */
export type Digest = bigint

/** The tally of no trials. */
export function zeroTally(layout: RecordLayout, horizons: readonly number[]): Tally {
  const zeros = (length: number) => new Array<number>(length).fill(0)
  return {
    trials: 0,
    ends: zeros(4),
    escaped: 0,
    exits: zeros(layout.exits.length),
    settled: zeros(layout.minima.length + 1),
    classes: zeros(layout.classes.length === 0 ? 0 : layout.classes.length + 1),
    marks: zeros(layout.marks.length),
    steps: 0n,
    escapeSteps: 0n,
    escapeStepsSquared: 0n,
    escapeHistogram: [],
    convergeHistogram: [],
    horizons: horizons.map((horizon) => ({
      horizon,
      escaped: 0,
      converged: 0,
      diverged: 0,
      exits: zeros(layout.exits.length),
      marks: zeros(layout.marks.length),
      atRisk: 0n,
      departed: 0,
    })),
    ...(layout.valued ? { values: zeroValues(namedExits(layout).length) } : zeroCounts(layout)),
  }
}

function zeroCounts({ marks }: RecordLayout): Pick<Tally, 'atRisk' | 'joint' | 'markSteps'> {
  const none = { steps: 0n, stepsSquared: 0n, reached: 0n, reachedSquared: 0n }
  return { atRisk: 0n, joint: [], markSteps: marks.map(() => none) }
}

/** The tally of two disjoint ranges of one cell. Throws a RangeError if fields or horizons differ. */
export function addTallies({ observed: first, ...a }: Tally, { observed: second, ...b }: Tally): Tally {
  if (a.horizons.length !== b.horizons.length) throw new RangeError('tallies with different horizons cannot be added')
  const unreached = (a.unreached ?? 0) + (b.unreached ?? 0)
  const observed = a.trials === 0 ? second : b.trials === 0 ? first : first && second && addObserved(first, second)
  return { ...addFields(a, b), ...(unreached > 0 && { unreached }), ...(observed !== undefined && { observed }) }
}

/** The results of a range of trials. */
export interface BatchResult {
  /** False only if the stop flag was set. The other fields are then meaningless. */
  readonly completed: boolean
  /** Records in trial order, `layout.bytes` each; null if records were not requested. */
  readonly records: Uint8Array | null
  /**
   * For each trial, in order, `dimension` numbers: the last theta, or the end point of the quench if there is one. Null
   * if these numbers were not requested. NaN is canonical, and -0 is stored as 0.
   */
  readonly theta: Float64Array | null
  /**
   * For each trial, in order, its observed values without series, in the order of their keys; NaN if the trial does not
   * have a value, or if the value is not finite. Absent if they were not requested.
   */
  readonly values?: Float64Array
  readonly tally: Tally
  readonly digest: Digest
}

/** Returns the tally with the sums of the values in `records`, and without the counts that only direct trials have. */
export function withWeights(
  { atRisk: _, joint: __, markSteps: ___, ...tally }: Tally,
  records: Uint8Array,
  layout: RecordLayout,
): Tally {
  const names = namedExits(layout)
  let all: ValueSums = zeroSums
  const exits = names.map(() => zeroSums)
  const histogram = new Map<number, number>()
  for (let i = 0; i < tally.trials; i++) {
    const record = decodeRecord(records, layout, i)
    if (record.kind !== 'weighted') throw new TypeError(`a ${record.kind} record has no weight`)
    const { value, exit } = record
    if (!(value > 0)) continue
    const sums = sumsOf(value)
    all = addFields(all, sums)
    const place = names.indexOf(exit ?? '')
    if (place >= 0) exits[place] = addFields(exits[place]!, sums)
    const bin = valueBin(value)
    histogram.set(bin, (histogram.get(bin) ?? 0) + 1)
  }
  const ordered = [...histogram].sort(([a], [b]) => a - b)
  return { ...tally, values: { ...zeroValues(names.length), all, exits, histogram: ordered } }
}
