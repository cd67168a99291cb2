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
