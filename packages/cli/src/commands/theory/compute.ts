import type { Cell, DataTable } from '@driftfarm/spec'
import { asymptotics, type ChainSize, isSameEvent, oracle, theorem } from '@driftfarm/theory'

// A thread that must start at once loads this file too. So it imports theory, but nothing for output.

interface Task {
  readonly cell: Cell
  readonly data: DataTable | null
}

export interface OracleTask extends Task {
  readonly horizons: readonly number[]
}

export interface TheoremTask extends Task {
  readonly options: Parameters<typeof theorem>[2]
}

/** Called before each step of the work. */
export type OnSize = (size: ChainSize) => void

/** What theory says about a cell. It may block the thread for a minute. */
export const theoryTasks = {
  oracle: async ({ cell, data, horizons }: OracleTask, onSize: OnSize) => ({
    found: oracle(cell, data, { horizons, onSize }),
    laws: asymptotics(cell, data),
  }),

  theorem: async ({ cell, data, options }: TheoremTask, _: OnSize) => {
    const answer = await theorem(cell, data, options)
    return { answer, sameEvent: isSameEvent(cell, answer) }
  },
}

export type TheoryTasks = typeof theoryTasks
