import { farmIsServed, interruptSweep } from '@driftfarm/database'
import type { Submission, SubmitOptions } from '@driftfarm/report'
import { createFarmProcesses, type FarmProcesses, type FarmProcessesOptions } from './farmProcesses.ts'
import { processId, type Session } from './session.ts'
import { type SpecToSubmit, submitSpec } from './submission.ts'
import { threadsOf } from './threads.ts'

export interface SubmittedRun extends Submission {
  /** True if this process computes the sweep, false if the farm does. */
  readonly isComputedHere: boolean
  /** Submits the sweep again. While the sweep is being computed, a second submission has no effect. */
  again(): Promise<unknown>
}

/**
 * Computes sweeps in this process if no farm computes them. While a sweep is waiting or running, this process is
 * registered as a worker. The worker and the coordinator start only for a sweep with missing trials.
 */
export type Runner = ReturnType<typeof createRunner>

export type RunnerOptions = Omit<FarmProcessesOptions, 'id' | 'kind'> & {
  /** Whether to check the queue before a sweep is stored. Callers set this if the queue is not in the database. */
  readonly checksQueue: boolean
}

export function createRunner(session: Session, { checksQueue, ...options }: RunnerOptions) {
  const { database, ledger } = session
  const id = processId('run')
  const attendedSweeps = new Set<string>()
  let submitting = 0
  let processes: Promise<FarmProcesses> | null = null
  let registered: Promise<void> | null = null

  const register = (): Promise<void> =>
    ledger.register({ id, kind: 'run', threads: threadsOf(options), queue: session.queue().place })

  /** Removes the registration if it is no longer needed. A started worker removes the registration when stopping. */
  const signOff = async (): Promise<void> => {
    if (submitting > 0 || attendedSweeps.size > 0 || processes !== null || registered === null) return
    registered = null
    await ledger.deregister(id)
  }

  const startParts = async (): Promise<FarmProcesses> => {
    const made = await createFarmProcesses(session, { ...options, id, kind: 'run' })
    await made.start()
    return made
  }

  const isServed = async (): Promise<boolean> => {
    if (registered !== null) return false
    return session.mode === 'farm' || farmIsServed(database)
  }

  const submitAs = async (
    spec: SpecToSubmit,
    runner: string | null,
    planning: SubmitOptions,
  ): Promise<SubmittedRun> => {
    const again = () => submitSpec(database, spec, { runner })
    return { ...(await submitSpec(database, spec, { runner, ...planning })), isComputedHere: runner !== null, again }
  }

  return {
    /** Whether another process computes the sweeps submitted here. */
    isServed,
    async submit(spec: SpecToSubmit, planning: SubmitOptions = {}): Promise<SubmittedRun> {
      if (await isServed()) return submitAs(spec, null, planning)
      submitting++
      try {
        registered ??= register()
        await registered
        // If the queue cannot be reached, this throws before the sweep is stored.
        if (checksQueue) await session.queue().check()
        const submitted = await submitAs(spec, id, planning)
        if (submitted.state !== 'complete') attendedSweeps.add(submitted.id)
        return submitted
      } finally {
        submitting--
        await signOff()
      }
    },
    /** Starts the worker and the coordinator unless they are running. */
    start(): Promise<FarmProcesses> {
      processes ??= startParts().catch((error) => {
        processes = null
        throw error
      })
      return processes
    },
    async detach(sweep: string): Promise<void> {
      attendedSweeps.delete(sweep)
      await signOff()
    },
    /** Stops the worker and the coordinator. With `drain`, running batches get a few seconds to finish. */
    async close({ drain }: { readonly drain: boolean }): Promise<void> {
      const running = await processes?.catch(() => null)
      if (drain) await running?.drain()
      await running?.stop()
      processes = null
      attendedSweeps.clear()
      if (running === undefined || running === null) await signOff()
      registered = null
    },
    /** Marks a sweep as interrupted, unless it has ended. Submitting the spec again continues the sweep. */
    interrupt: (sweep: string, reason: string) => interruptSweep(database, sweep, reason),
  }
}
