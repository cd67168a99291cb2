import type { ControlVerb, Sweep, SweepState } from '@driftfarm/spec'
import type { SizingTarget } from '@driftfarm/statistics'
import type { WithWarnings } from './document/define.ts'
import type { SweepDescription } from './document/fields.ts'
import type { PlanData } from './document/plan.ts'
import type { StatusData } from './document/status.ts'
import type { ComputedData, ReusedData } from './document/submitted.ts'
import type { DocumentData } from './documents.ts'
import type { OnCells } from './question.ts'
import type { Source } from './source.ts'

/** A spec to submit: its resolved form, and everything needed to resolve it again elsewhere. */
export interface ResolvedSpec {
  readonly sweep: Sweep
  readonly text: string
  /** Values that replace those in the spec, as with `--set`. */
  readonly set: readonly (readonly [path: string, value: string])[]
  readonly trials: number | undefined
  /** The bytes of the files that the spec names, by their names in the spec. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface PlanRequest {
  /** Whether pilot trials may be computed to measure times. Default true. */
  readonly pilot?: boolean
  /**
   * Two of width (or `relative`), confidence and trials; the third is computed. The default confidence is the one in
   * the spec. `trials` alone requests no such computation.
   */
  readonly sizing?: Omit<SizingTarget, 'cells'> & { readonly probability?: number | undefined }
  readonly onCells?: OnCells
}

export interface SubmitOptions {
  /** If the signal is aborted before the sweep is stored, nothing is stored, and the reason of the signal is thrown. */
  readonly signal?: AbortSignal
  /** Called from time to time with the number of cells stored so far. */
  readonly onCells?: (done: number) => void
}

/** A stored sweep. */
export interface Submission {
  readonly id: string
  readonly name: string
  readonly state: SweepState
  /** Whether anything new was stored. */
  readonly isNew: boolean
  /** Warnings that are known before any trial is computed, for example that intervals will be wider. */
  readonly warnings: readonly string[]
  /** Stored trials that a new sweep reuses from other sweeps; null if there are none. */
  readonly reused: ReusedData | null
  /** Trials of the sweep that are not stored yet; null if an earlier version of the farm does not report them. */
  readonly computed: ComputedData | null
}

/** An action on a sweep. */
export type Action = { readonly do: ControlVerb } | { readonly do: 'extend'; readonly trials: number }

/**
 * A farm as seen by its users, through its database or over HTTP. It returns documents, accepts new sweeps and changes
 * stored ones.
 */
export interface FarmClient extends Source {
  /** Returns what a run would do, and stores nothing. */
  plan(spec: ResolvedSpec, requested?: PlanRequest): Promise<PlanData>
  /** Stores a sweep for the farm to compute. Submitting the same spec again gives the same sweep. */
  submit(spec: ResolvedSpec, options?: SubmitOptions): Promise<Submission>
  /** Applies an action to a sweep. Throws SWEEP_STATE if the state of the sweep does not allow it. */
  act(sweep: string, action: Action): Promise<WithWarnings<StatusData>>
  /** Changes what people wrote about a sweep. */
  describe(sweep: string, changes: SweepDescription): Promise<StatusData>
  /** Removes a sweep, and those of its cells that no other sweep contains. */
  remove(sweep: string): Promise<DocumentData<'Removed'>>
}
