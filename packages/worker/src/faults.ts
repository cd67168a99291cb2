import { WorkerError } from './error.ts'

/** leased, ran, written (the commit is under way), committed, acked: the steps of a batch in their order. */
export type Stage = 'leased' | 'ran' | 'written' | 'committed' | 'acked'

/** What a thread does instead of computing a certain trial. */
export interface Poison {
  readonly trial: number
  readonly kind: 'throw' | 'exit' | 'memory' | 'loop'
}

/**
 * A test instrument, off unless passed as an option; nothing outside (environment, spec, database) switches it on.
 * `exit` is SIGKILL to the own process at every nth batch that comes to that stage: nothing is flushed, nobody is told.
 */
export interface Faults {
  readonly at?: Stage
  /** From 1. */
  readonly every?: number
  readonly action?: 'exit' | 'throw'
  readonly poison?: Poison
  /** What happens to the thread that is to find the premises of a cell. */
  readonly premises?: Poison['kind']
}

/** Calls this where a stage is reached. */
export function faultPoint(faults: Faults | undefined): (stage: Stage) => void {
  let reached = 0
  return (stage) => {
    if (faults?.at !== stage || ++reached % (faults.every ?? 1) !== 0) return
    if (faults.action === 'throw') throw new WorkerError('WORKER_FAULT', `fault at ${stage}`)
    process.kill(process.pid, 'SIGKILL')
  }
}
