import type { CoordinatorOptions } from '../../../packages/coordinator/src/index.ts'
import type { QueueFactoryOptions } from '../../../packages/queue/src/index.ts'
import type { Faults, WorkerOptions } from '../../../packages/worker/src/index.ts'

// Options of the instrumented processes of the test: options of `createWorker` and `createCoordinator`, and wrappers
// around their ports. The command has none of these.

export interface WorkerInstruments {
  readonly threads?: number
  readonly limits?: NonNullable<WorkerOptions['limits']>
  readonly queueLimits?: NonNullable<QueueFactoryOptions['limits']>
  readonly faults?: Faults
  /** Numbers of queues from which it takes jobs. A job that is in several of them is delivered several times. */
  readonly queues?: readonly number[]
  /** Whether it changes the digest of all commits, like a machine that computes wrong results. */
  readonly wrong?: boolean
  /** Probability that a call of its ledger fails, before or after its effect, and the seed. */
  readonly faulty?: { readonly share: number; readonly seed: number }
}

/** The queue call at which a leader kills itself. `add`: before its effect; `added`: after it. */
export type DeadlyCall = 'add' | 'added' | 'keys'

export interface LeaderInstruments {
  readonly limits?: NonNullable<CoordinatorOptions['limits']>
  readonly queueLimits?: NonNullable<QueueFactoryOptions['limits']>
  readonly batch?: number
  readonly bundle?: number
  /** It kills itself at the nth of these calls. */
  readonly dies?: { readonly at: DeadlyCall; readonly nth: number }
  /** Numbers of queues to which it adds every job, in random order. */
  readonly queues?: readonly number[]
  readonly faulty?: { readonly share: number; readonly seed: number }
  readonly seed?: number
}

/** What a worker of the harness prints for each batch, as a line of JSON. */
export interface TaleOfBatch {
  readonly ending: string
  readonly cell: string
  readonly first: number
  readonly count: number
  readonly cpuSeconds: number
  readonly failure?: string
}

/** Reports a fault of a port to the test. */
export function tellFault(call: string, when: 'before' | 'after'): void {
  process.stderr.write(`fault ${when} ${call}\n`)
}
