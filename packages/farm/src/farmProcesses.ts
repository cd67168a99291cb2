import { type CoordinatorOptions, createCoordinator } from '@driftfarm/coordinator'
import { createWorker, type WorkerOptions } from '@driftfarm/worker'
import type { Session } from './session.ts'
import { startThreads, threadsOf } from './threads.ts'

/** The parts of the farm that run in this process: a worker, a coordinator or both. */
export type FarmProcesses = Awaited<ReturnType<typeof createFarmProcesses>>

export interface FarmProcessesOptions
  extends Pick<CoordinatorOptions, 'batch' | 'bundle' | 'shortThreads' | 'bundlesPerSecond' | 'onFinished'>,
    Pick<WorkerOptions, 'engine' | 'native' | 'endsMs' | 'pool'> {
  readonly id: string
  readonly kind: 'run' | 'up' | 'coordinator' | 'worker'
  /**
   * Called with errors that the worker or the coordinator has handled. After the error WORKER_WEDGED, the caller should
   * end this process, because its worker receives no jobs although jobs are waiting.
   */
  readonly onTrouble: (error: Error) => void
  readonly threads?: number | undefined
}

/** Time for running batches to finish. A batch is planned to take half a second, or longer on a large farm. */
const drainMs = 10_000

/** Makes the parts of the farm for this process. Throws if the queue cannot be reached. */
export async function createFarmProcesses(session: Session, options: FarmProcessesOptions) {
  const { database, ledger, waits } = session
  const { id, kind } = options
  const queue = session.queue()
  const threads = threadsOf(options)
  const coordinator =
    kind === 'worker'
      ? null
      : createCoordinator({ ...options, kind, database, ledger, queue, holder: id, ...waits.coordinator })
  const worker =
    kind === 'coordinator'
      ? null
      : createWorker({
          ...options,
          ledger,
          queue,
          threads,
          pool: options.pool ?? startThreads(session.home, { ...options, ...waits.worker }),
          onBatch: ({ ending }) => ending === 'committed' && coordinator?.wake(),
          ...waits.worker,
        })
  try {
    // If the server is not embedded, only `db migrate` changes the tables. After a migration there is nothing to check.
    const isOwn = session.mode === 'embedded' && queue.kind === 'postgres'
    await (isOwn ? queue.migrate() : queue.check())
  } catch (error) {
    await worker?.stop()
    throw error
  }
  return {
    /** Null if this process has no worker. */
    worker,
    /** Null without a worker. */
    threads: worker === null ? null : threads,
    /** Starts both. While the threads load their code, the coordinator already plans the first batches. */
    async start(): Promise<void> {
      try {
        await Promise.all([worker?.start(), coordinator?.start()])
      } catch (error) {
        await coordinator?.stop()
        throw error
      }
    },
    /** Stops without starting new work. Running batches get `timeoutMs` (default: 10 s) to finish and be stored. */
    async drain({ timeoutMs = drainMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
      await worker?.drain({ timeoutMs })
      await coordinator?.stop()
    },
    async stop(): Promise<void> {
      await worker?.stop()
      await coordinator?.stop()
    },
  }
}
