import type { Cell, DataTable } from '@driftfarm/spec'
import type { Asymptotic } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { heavyTail } from './heavyTail.ts'
import { kesten } from './kesten.ts'
import { discreteKramers, eyringKramers } from './kramers.ts'
import { saddleCase } from './saddleCase.ts'

/**
 * Returns the result of each asymptotic formula for a cell, or the reason why the formula does not apply. `data` is the
 * data table of the landscape, or null if the landscape has none. Rates, times and probabilities of exit are given only
 * if the cell's escape event is the first exit from the well. They then describe the same event as the measured curve,
 * so a plot may show both. Throws a KernelError for a cell that the kernel cannot compute.
 */
export function asymptotics(cell: Cell, data: DataTable | null): readonly Asymptotic[] {
  const saddles = saddleCase(cell, data)
  const horizon = cell.trial.steps
  return [
    eyringKramers(saddles, horizon),
    discreteKramers(saddles, horizon),
    freidlinWentzell(saddles),
    heavyTail(cell, data),
    kesten(cell, data),
  ]
}
