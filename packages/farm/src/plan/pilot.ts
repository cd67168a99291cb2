import { stepsAtMost } from '@driftfarm/database'
import { type Kernel, kernelOf, type ModuleOf } from '@driftfarm/kernel'
import type { PilotData } from '@driftfarm/report'
import type { Cell, ResolvedCell } from '@driftfarm/spec'
import { countOf } from '@driftfarm/statistics'

/** The current step of a pilot. `seconds` is the time since the pilot began. */
export interface PilotStep {
  readonly cell: number
  readonly purpose: string
  readonly seconds: number
}

interface PilotTrials {
  /** The index of the cell. */
  readonly index: number
  readonly kernel: Kernel
  readonly purpose: string
  readonly horizons?: readonly number[]
}

/**
 * Runs the few trials from which a plan estimates the cost of a run. Reports each step, because a pilot may take half a
 * minute.
 */
export class Pilot {
  readonly #started = performance.now()
  readonly #cells = new Set<number>()
  #trials = 0
  #cpuSeconds = 0

  constructor(private readonly report: (step: PilotStep) => void = () => undefined) {}

  /** Runs trials of a cell. `seconds` is the thread time that they took. */
  run({ index, kernel, purpose, horizons = [] }: PilotTrials, first: number, count: number) {
    this.say(index, purpose)
    const before = cpuSeconds()
    const result = kernel.run(first, count, { keep: false, horizons })
    const seconds = cpuSeconds() - before
    this.#cells.add(index)
    this.#trials += count
    this.#cpuSeconds += seconds
    return { ...result, seconds }
  }

  end(): PilotData {
    return { cells: [...this.#cells].sort((a, b) => a - b), trials: this.#trials, cpuSeconds: this.#cpuSeconds }
  }

  say(cell: number, purpose: string): void {
    this.report({ cell, purpose, seconds: Math.floor((performance.now() - this.#started) / 1000) })
  }
}

/** CPU time of this process in seconds. A clock would also count the time of other processes. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Limit of the thread time of one cell's pilot. */
export const pilotSeconds = 0.4
const maxTrials = 20_000
const firstTrials = 16
/** A pilot that might take more than this many seconds is not started. */
export const maxPilotSeconds = 3

export interface PilotResources {
  readonly secondsPerStep: (cell: Cell) => number
  readonly pilot: Pilot
  readonly module: ModuleOf
}

export interface PilotCounts {
  readonly trials: number
  readonly events: number
  /** Thread time. */
  readonly seconds: number
}

interface PilotRequest extends PilotResources {
  readonly estimate: string
  readonly horizons: readonly number[]
  /** Number of events after which the pilot ends. */
  readonly enoughEvents: number
  readonly seconds?: number
}

/**
 * Counts the events in pilot trials of a cell. Returns null if the first trials might take too long, because a pilot
 * cannot stop trials that are running.
 */
export async function countEvents(
  { index, cell, tables }: ResolvedCell,
  { pilot, module, secondsPerStep, estimate, horizons, enoughEvents, seconds: most = pilotSeconds }: PilotRequest,
): Promise<PilotCounts | null> {
  if (firstTrials * stepsAtMost(cell) * secondsPerStep(cell) > maxPilotSeconds) return null
  pilot.say(index, 'compiling the kernel')
  const kernel = await kernelOf(cell, tables, module)
  let trials = 0
  let events = 0
  let seconds = 0
  for (let count = firstTrials; seconds < most && trials < maxTrials && events < enoughEvents; count *= 2) {
    const ran = pilot.run({ index, kernel, purpose: 'measuring how often trials escape', horizons }, trials, count)
    seconds += ran.seconds
    trials += count
    events += countOf(estimate, ran.tally, kernel.layout)
  }
  return { trials, events, seconds }
}
