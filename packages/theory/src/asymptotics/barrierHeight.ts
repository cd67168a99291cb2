import type { Cell, DataTable } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'
import type { Asymptotic, AsymptoticName } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { eyringKramers } from './kramers.ts'
import { saddleCase } from './saddleCase.ts'

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
 * Returns the barrier of a cell from the Eyring-Kramers asymptotic or, if this does not apply, from the
 * Freidlin-Wentzell asymptotic, whose conditions on the escape event are weaker. If neither applies, returns the reason
 * why Eyring-Kramers does not. `data` has the same meaning as in `asymptotics`.
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
