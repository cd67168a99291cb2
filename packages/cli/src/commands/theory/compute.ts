import type { Cell, DataTable } from '@driftfarm/spec'
import { asymptotics, type ChainSize, isSameEvent, oracle, theorem } from '@driftfarm/theory'

// Loaded by a thread as well, which is to start at once: theory, and nothing that tells of it.

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

/** Hears of a step of the work, before it is done. */
export type Hear = (size: ChainSize) => void

/** What theory says of a cell. It may take a minute in which nothing else happens. */
export const computed = {
  oracle: async ({ cell, data, horizons }: OracleTask, onSize: Hear) => ({
    found: oracle(cell, data, { horizons, onSize }),
    laws: asymptotics(cell, data),
  }),

  theorem: async ({ cell, data, options }: TheoremTask, _: Hear) => {
    const answer = await theorem(cell, data, options)
    return { answer, sameEvent: isSameEvent(cell, answer) }
  },
}

export type Computed = typeof computed
