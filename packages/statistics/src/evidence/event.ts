import type { HorizonTally, Outcome, RecordLayout, Tally } from '@driftfarm/kernel'
import { type EstimateKind, type EstimateName, estimateKinds, kindOf, printEstimate } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import type { EstimateEntry, Events } from './evidence.ts'
import { probability } from './probability.ts'

export type RecordTest = (words: DataView, at: number) => boolean

/**
 * How to find an event in a tally, in an outcome and in a stored record. These functions must agree on which trials had
 * the event.
 */
export interface Occurrence {
  /** Returns undefined if the cell has no such event. */
  readonly count: (tally: Tally, layout: RecordLayout, name: string) => number | undefined
  /** Absent for events that do not happen at a step. */
  readonly countBy?: (
    by: HorizonTally,
    { tally, layout, name }: { readonly tally: Tally; readonly layout: RecordLayout; readonly name: string },
  ) => number | undefined
  /** `by` returns true for a step up to the horizon, and false for a later or missing step. */
  readonly had: (outcome: Outcome, by: (step: number | null | undefined) => boolean, name: string) => boolean
  /**
   * `by` reads the step that a record stores at byte `at`. It returns true for a step up to the horizon, and false for
   * a later or missing step. The kernel's `Outcome` describes the layout of a record.
   */
  readonly inRecord: (layout: RecordLayout, name: string, by: RecordTest) => RecordTest | undefined
}

interface Options extends Pick<EstimateEntry, 'saysWhichEscape'> {
  /**
   * Whether the event is unknown in trials whose descent ran out of steps. If so, `without` means that the tally counts
   * these trials as trials without the event, and `within` that it counts them as trials with the event.
   */
  readonly undecided?: (events: Events) => 'without' | 'within' | null
}

export interface EventEntry extends EstimateEntry {
  readonly occurrence: Occurrence
}

/** The entry of a kind of estimate that is the probability of an event. */
export function event(occurrence: Occurrence, { undecided, ...options }: Options = {}): EventEntry {
  return {
    occurrence,
    make: (name, { tally, layout, guard, trial }) => {
      const { trials, unreached = 0 } = tally
      const side = unreached === 0 || trial === undefined ? null : (undecided?.(trial) ?? null)
      return probability({
        of: printEstimate(name),
        events: countIn(occurrence, name, tally, layout),
        trials,
        guard,
        without: side === 'without' ? unreached : 0,
        within: side === 'within' ? unreached : 0,
      })
    },
    fit: 'binomial',
    ...options,
  }
}

/** Throws a StatisticsError if the cell has no such event, or if the tally lacks the horizon. */
export function countIn(occurrence: Occurrence, of: EstimateName, tally: Tally, layout: RecordLayout): number {
  const { count, countBy } = occurrence
  const { name, horizon } = of
  const by = horizon === null ? undefined : tally.horizons.find((each) => each.horizon === horizon)
  const found = horizon === null ? count(tally, layout, name) : by && countBy?.(by, { tally, layout, name })
  if (found === undefined) throw noSuchEstimate(printEstimate(of))
  return found
}

export function indexOrOther(names: readonly string[], name: string): number {
  const index = names.indexOf(name)
  return index < 0 && name === 'other' ? names.length : index
}

const other = 0xffff

/** A record stores a name as a code of two bytes: k for the k-th name, and 0xffff for "other". */
export function ofCode(names: readonly string[], name: string, offset: number): RecordTest | undefined {
  const code = names.indexOf(name) + 1 || (name === 'other' ? other : 0)
  return code === 0 ? undefined : (words, at) => words.getUint16(at + offset, true) === code
}

export function noSuchEstimate(text: string): StatisticsError {
  return new StatisticsError('ESTIMATE', text, expected)
}

const events = (Object.keys(estimateKinds) as EstimateKind[]).filter((kind) => kindOf(kind).value === 'event')
const words = [
  ...events.filter((kind) => !kindOf(kind).named),
  ...events.filter((kind) => kindOf(kind).named).map((kind) => `${kind}:NAME`),
]
const untimed = events.filter((kind) => !kindOf(kind).timed)
const expected =
  `use ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, where NAME is the name of one of the cell's events; for ` +
  `the probability at one of the horizons, append @STEP (not possible for ${untimed.join(', ')})`
