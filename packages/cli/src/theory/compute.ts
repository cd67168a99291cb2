import type { Cell, Tables } from '@driftfarm/spec'
import { asymptotics, type ChainSize, isSameEvent, oracle, theorem } from '@driftfarm/theory'

// A thread that must start quickly loads this file too. So this file imports the theory package, but no output code.

interface Task {
  readonly cell: Cell
  readonly tables: Tables
}

/** Called with the size of each grid before the computation on that grid. */
export type OnSize = (size: ChainSize) => void

/** What each command computes for one cell. The computation may block the thread for a minute. */
export const theoryTasks = {
  oracle: async ({ cell, tables, horizons }: Task & { readonly horizons: readonly number[] }, onSize: OnSize) => ({
    found: oracle(cell, tables, { horizons, onSize }),
    laws: asymptotics(cell, tables),
  }),

  theorem: async ({ cell, tables, options }: Task & { readonly options: Parameters<typeof theorem>[2] }, _: OnSize) => {
    const answer = await theorem(cell, tables, options)
    return { answer, sameEvent: isSameEvent(cell, answer) }
  },
}

export type TheoryTasks = typeof theoryTasks
