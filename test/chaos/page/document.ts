import type { Caught } from '../controls.ts'
import type { Mark } from '../farm.ts'
import type { Pulse } from '../rows/medley.ts'
import type { Report } from '../run.ts'

/** What one process of a soak was like from minute to minute, in one of its lives. */
export interface Life {
  readonly process: string
  readonly life: number
  /** Heap in MB after a collection, at each minute of its life, and the resident memory. */
  readonly heapMb: readonly number[]
  readonly residentMb: readonly number[]
  /** Growth of the heap from its fifth minute to its end; null where it was too short. */
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

/** When, where and of what a run was made. */
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

/** All that `docs/understand/guarantees.md` is made of. */
export interface Guarantees {
  readonly made: Made
  readonly rows: readonly Report[]
  /** Number of rows that there are; a run of some of them says so. */
  readonly allRows: number
  readonly controls: readonly Caught[]
  readonly medley: { readonly pulses: readonly Pulse[]; readonly marks: readonly Mark[] } | null
  /** Seconds, of the row in which workers are killed. */
  readonly recoveryS: readonly number[]
  readonly soak: Soak | null
}
