import type { Caught } from '../controls.ts'
import type { Mark } from '../farm.ts'
import type { Pulse } from '../rows/medley.ts'
import type { Report } from '../run.ts'

/** Measurements of one process of a soak, minute by minute, between one start and its end. */
export interface Life {
  readonly process: string
  readonly life: number
  /** Heap in MB after a collection, at each minute of its life, and the resident memory. */
  readonly heapMb: readonly number[]
  readonly residentMb: readonly number[]
  /** Growth of the heap from its fifth minute to its end; null if the process ran too briefly. */
  readonly grownMb: number | null
}

export interface Soak {
  readonly made: Made
  readonly minutes: number
  readonly sweeps: number
  readonly trials: number
  readonly faults: Readonly<Record<string, number>>
  readonly lives: readonly Life[]
  /** At each minute. */
  readonly connections: readonly number[]
  readonly redisConnections: readonly number[]
  readonly redisKeys: readonly number[]
  readonly deadRows: readonly number[]
  readonly broken: readonly string[]
}

/** Date, commit, settings and machine of a run. */
export interface Made {
  readonly date: string
  readonly commit: string
  readonly seed: number
  readonly scale: number
  readonly minutes: number
  readonly node: string
  readonly postgres: string
  readonly redis: string
  readonly machine: string
}

/** All data of `docs/reference/guarantees.md`. */
export interface Guarantees {
  readonly made: Made
  readonly rows: readonly Report[]
  /** Number of all rows; the page says if a run covered only some of them. */
  readonly allRows: number
  readonly controls: readonly Caught[]
  readonly medley: { readonly pulses: readonly Pulse[]; readonly marks: readonly Mark[] } | null
  /** Recovery times in seconds, from the row in which workers are killed. */
  readonly recoveryS: readonly number[]
  readonly soak: Soak | null
}
