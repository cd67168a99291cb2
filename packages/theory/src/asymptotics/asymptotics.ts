import type { Cell, DataTable } from '@driftfarm/spec'
import type { Asymptotic } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { heavyTail } from './heavyTail.ts'
import { kesten } from './kesten.ts'
import { discreteKramers, eyringKramers } from './kramers.ts'
import { saddleCase } from './saddleCase.ts'

/**
 * What the asymptotics say of a cell, each with its numbers, what it assumes and how far it may be off; or the reason
 * why it says nothing. `data` is what the landscape's reference stands for, null without one. A curve to lay beside a
 * measurement is one that applies: then it is about first exit, as the measurement is. Throws a KernelError for what
 * the kernel cannot compute.
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
