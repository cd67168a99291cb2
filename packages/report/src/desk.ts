import type { ControlVerb, Sweep, SweepState } from '@driftfarm/spec'
import type { PlanData } from './document/plan.ts'
import type { StatusData } from './document/status.ts'
import type { ReusedData } from './document/submitted.ts'
import type { DocumentData } from './documents.ts'
import type { OnCells, Source, Told } from './source.ts'

/** A spec as it is handed in: what was made of it here, and all that it takes to make the same of it elsewhere. */
export interface GivenSpec {
  readonly sweep: Sweep
  readonly text: string
  /** Changes of its values, as `--set` has them. */
  readonly set: readonly (readonly [path: string, value: string])[]
  readonly trials: number | undefined
  /** The bytes of the files that it names, by their names in the spec. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface PlanAsked {
  /** Whether trials of a pilot may be computed to measure times. Default true. */
  readonly pilot?: boolean
  /** Two of width, confidence and trials, to learn the third; the spec has a confidence. */
  readonly sizing?: {
    readonly width?: number | undefined
    readonly relative?: number | undefined
    readonly trials?: number | undefined
    readonly confidence?: number | undefined
    readonly probability?: number | undefined
  }
  readonly onCells?: OnCells
}

export interface SubmitOptions {
  /** Aborted before the sweep is stored, nothing of it is; what is thrown is its reason. */
  readonly signal?: AbortSignal
  /** Is told now and then how many cells have been stored. */
  readonly onCells?: (done: number) => void
}

/** A sweep that is stored. */
export interface Submission {
  readonly id: string
  readonly name: string
  readonly state: SweepState
  /** Whether anything was stored that was not there before. */
  readonly isNew: boolean
  /** What is to be known of it before a trial is computed: that intervals become wider. */
  readonly warnings: readonly string[]
  /** What a new sweep takes over from others; null where that is nothing. */
  readonly reused: ReusedData | null
}

/** What can be done to a sweep. */
export type Action = { readonly do: ControlVerb } | { readonly do: 'extend'; readonly trials: number }

/** A farm as its users meet it, by its database or over HTTP: it gives documents, takes sweeps and changes them. */
export interface Desk extends Source {
  /** What a run would do. Stores nothing. */
  plan(spec: GivenSpec, asked?: PlanAsked): Promise<PlanData>
  /** Stores a sweep for the farm to compute. The same spec handed in again is the same sweep. */
  submit(spec: GivenSpec, options?: SubmitOptions): Promise<Submission>
  /** Throws SWEEP_STATE where the state of the sweep does not allow it. */
  act(sweep: string, action: Action): Promise<Told<StatusData>>
  /** Removes a sweep, and its cells that no other sweep holds. */
  remove(sweep: string): Promise<DocumentData<'Removed'>>
}
