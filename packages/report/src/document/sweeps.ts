import type { DifferingSetting } from './namesakes.ts'
import type { SweepState } from './results.ts'

/** A count that may be beyond what a double holds. */
type Whole = number | bigint

/** Whether the farm can go on with a sweep, in a word and in a sentence that says how to mend it. */
export interface FarmData {
  readonly state: 'works' | 'leaderless' | 'workerless' | 'kernel' | 'elsewhere'
  readonly words: string
}

/** How a sweep stands: what `status` says. */
export interface StatusData {
  readonly id: string
  readonly name: string
  readonly state: SweepState
  readonly reason: string | null
  readonly cells: { readonly done: number; readonly open: number; readonly failed: number }
  /** Decimal; demanded: at most so many where a rule stops. */
  readonly trials: { readonly done: string; readonly demanded: string }
  readonly batches: { readonly ready: number; readonly leased: number; readonly done: number; readonly failed: number }
  /** Escapes so far, decimal. */
  readonly events: string
  /** Decimal. */
  readonly steps: string
  readonly worst: { readonly cell: number; readonly estimate: string; readonly relative: number } | null
  readonly stopsByRule: boolean
  readonly rulesUnmet: number
  readonly workers: number
  readonly threads: number
  /** Null where no farm is waited for. */
  readonly farm: FarmData | null
}

type Status = Omit<StatusData, 'state' | 'trials' | 'events'> & {
  readonly state: string
  readonly trials: { readonly done: Whole; readonly demanded: Whole }
  readonly events: Whole
}

export function statusData({ trials, events, state, ...rest }: Status): StatusData {
  return {
    ...rest,
    state: state as SweepState,
    trials: { done: String(trials.done), demanded: String(trials.demanded) },
    events: String(events),
  }
}

export interface SweepListData {
  readonly sweeps: readonly {
    readonly id: string
    readonly name: string
    readonly state: SweepState
    readonly cells: number
    /** Decimal. */
    readonly trialsDone: string
    /** Decimal; at most so many where a rule stops. */
    readonly trialsDemanded: string
    /** ISO 8601. */
    readonly submittedAt: string
    /** Whether the name means it. */
    readonly newest: boolean
    /** Settings in which it differs from others of its name, as far as they are among the newest five; empty where it has its name for itself. */
    readonly differs: readonly DifferingSetting[]
  }[]
}

type Line = Omit<SweepListData['sweeps'][number], 'state' | 'trialsDone' | 'trialsDemanded'> & {
  readonly state: string
  readonly trialsDone: Whole
  readonly trialsDemanded: Whole
}

export function sweepListData(lines: readonly Line[]): SweepListData {
  return {
    sweeps: lines.map((line) => ({
      ...line,
      state: line.state as SweepState,
      trialsDone: String(line.trialsDone),
      trialsDemanded: String(line.trialsDemanded),
    })),
  }
}
