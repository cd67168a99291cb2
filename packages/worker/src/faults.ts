/**
 * The stages of a bundle, in order. `ran`: one of its batches has been computed. `written`: a commit is in progress.
 */
export type Stage = 'leased' | 'ran' | 'written' | 'committed' | 'acked'

/** What a thread does instead of computing a certain trial. */
export interface TrialFault {
  readonly trial: number
  readonly kind: 'throw' | 'exit' | 'memory' | 'loop'
  /** Id of the cell of the trial; absent if the fault applies to all cells. */
  readonly cell?: string
}

/**
 * Fault injection for tests. It can be switched on only by this option, not by the environment, a spec or the database.
 * `exit` sends SIGKILL to this process every nth time the stage is reached, so that nothing is flushed or reported.
 */
export interface Faults {
  readonly at?: Stage
  /** The n of "every nth time", at least 1. */
  readonly every?: number
  readonly action?: 'exit' | 'throw'
  readonly poison?: TrialFault
  /** What a thread does instead of computing the premises of a cell. */
  readonly premises?: TrialFault['kind']
}

/** Only tests cause this error, so it has no code. */
export class Fault extends Error {}

export function faultPoint(faults: Faults | undefined): (stage: Stage) => void {
  let reached = 0
  return (stage) => {
    if (faults?.at !== stage || ++reached % (faults.every ?? 1) !== 0) return
    if (faults.action === 'throw') throw new Fault(`fault at ${stage}`)
    process.kill(process.pid, 'SIGKILL')
  }
}

export function injectTrialFault(
  { trial, kind, cell: only }: TrialFault,
  { cell, first, count }: { cell: string; first: number; count: number },
): void {
  if (trial < first || trial >= first + count || (only !== undefined && only !== cell)) return
  switch (kind) {
    case 'throw':
      throw new Error(`trial ${trial} is poison`)
    case 'exit':
      process.exit(9)
      break
    case 'memory':
      for (const hoard: unknown[] = []; ; ) hoard.push(new Array(100_000).fill({ trial }).map((each) => ({ ...each })))
    case 'loop':
      for (;;);
  }
}
