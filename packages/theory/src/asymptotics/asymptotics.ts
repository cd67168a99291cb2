import type { Cell, DataTable } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'
import type { Asymptotic, AsymptoticName } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { heavyTail } from './heavyTail.ts'
import { kesten } from './kesten.ts'
import { discreteKramers, eyringKramers } from './kramers.ts'
import { saddleCase } from './passages.ts'

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

/**
 * The height in the exponent exp(-height/T) of the escape rate. It is measured from the minimum of the well in which
 * trials start, in units of the loss.
 */
export interface BarrierHeight {
  readonly height: number
  readonly temperature: number
  /** The asymptotic formula from which the height comes. */
  readonly law: AsymptoticName
}

/**
 * Returns the barrier of a cell according to the Eyring-Kramers formula. If this formula does not apply, returns the
 * barrier according to the Freidlin-Wentzell formula, whose conditions on the escape event are weaker. If neither
 * formula applies, returns the reason why the Eyring-Kramers formula does not apply. `data` has the same meaning as in
 * `asymptotics`.
 */
export function barrierHeight(cell: Cell, data: DataTable | null): BarrierHeight | NotApplicable {
  const saddles = saddleCase(cell, data)
  const first = heightOf(eyringKramers(saddles, cell.trial.steps))
  if ('height' in first) return first
  const second = heightOf(freidlinWentzell(saddles))
  return 'height' in second ? second : first
}

function heightOf(law: Asymptotic): BarrierHeight | NotApplicable {
  if (!law.applies) return law
  const { barrier, temperature } = law.quantities
  return { height: barrier!.value, temperature: temperature!.value, law: law.name }
}
