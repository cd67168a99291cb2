import type { PilotData } from '@driftfarm/report'

/** The current step of a pilot. `seconds` is the time since the pilot began. */
export interface PilotStep {
  readonly cell: number
  readonly purpose: string
  readonly seconds: number
}

/**
 * Runs the few trials from which a plan estimates the cost of a run. Reports each step, because a pilot may take half a
 * minute.
 */
export class Pilot {
  readonly #report: (step: PilotStep) => void
  readonly #started = performance.now()
  readonly #cells = new Set<number>()
  #trials = 0
  #cpuSeconds = 0

  constructor(report: (step: PilotStep) => void = () => undefined) {
    this.#report = report
  }

  /** Returns the result of `work` and the thread time that it took, in seconds. */
  run<T>(
    { cell, trials, purpose }: { readonly cell: number; readonly trials: number; readonly purpose: string },
    work: () => T,
  ): { readonly result: T; readonly seconds: number } {
    this.say(cell, purpose)
    const before = cpuSeconds()
    const result = work()
    const seconds = cpuSeconds() - before
    this.#cells.add(cell)
    this.#trials += trials
    this.#cpuSeconds += seconds
    return { result, seconds }
  }

  end(): PilotData {
    return { cells: [...this.#cells].sort((a, b) => a - b), trials: this.#trials, cpuSeconds: this.#cpuSeconds }
  }

  say(cell: number, purpose: string): void {
    this.#report({ cell, purpose, seconds: Math.floor((performance.now() - this.#started) / 1000) })
  }
}

/** CPU time of this process in seconds. A clock would also count the time of other processes. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
