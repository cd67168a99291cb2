import type { PilotData } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/** Without a terminal the pilot is announced once, after this many seconds. */
const quietSeconds = 3

/**
 * The few trials by which `plan` estimates the cost of others. It shows what it is doing, since it may take half a
 * minute, and counts what was computed.
 */
export class Pilot {
  readonly #shell: Shell
  readonly #tell: boolean
  readonly #started = performance.now()
  readonly #cells = new Set<number>()
  #trials = 0
  #cpuSeconds = 0
  #told = false

  /** `tell`: whether to announce the pilot in a line where there is no terminal. */
  constructor(shell: Shell, { tell }: { readonly tell: boolean }) {
    this.#shell = shell
    this.#tell = tell
  }

  /**
   * Runs some trials (or replicas) of a cell; `purpose` is shown. Returns the result and the thread time in seconds.
   */
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
    this.#shell.line.clear()
    return { cells: [...this.#cells].sort((a, b) => a - b), trials: this.#trials, cpuSeconds: this.#cpuSeconds }
  }

  /** Shows what is being done now. Repeated calls show that it goes on. */
  say(cell: number, purpose: string): void {
    const seconds = Math.floor((performance.now() - this.#started) / 1000)
    const text = `pilot: ${purpose} (cell ${cell}${seconds === 0 ? '' : `, ${seconds} s so far`})`
    const hinted = `${text}; --no-pilot leaves it out`
    const { line } = this.#shell
    line.show(hinted.length > line.width ? text : hinted)
    if (!this.#tell || this.#told || line.exists || seconds < quietSeconds) return
    this.#told = true
    note(this.#shell, 'a pilot of a few trials measures the time that a run would take; --no-pilot leaves it out')
  }
}

/** CPU time of this process in seconds; a clock would include other processes. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
