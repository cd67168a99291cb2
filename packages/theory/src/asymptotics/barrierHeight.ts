import type { Cell, DataTable } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'
import type { Asymptotic, AsymptoticName } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { eyringKramers } from './kramers.ts'
import { saddleCase } from './saddleCase.ts'

/** The height in the exponent exp(-height/T) of the rate, above the start's minimum, in units of the loss. */
export interface BarrierHeight {
  readonly height: number
  readonly temperature: number
  /** The law that it is the exponent of. */
  readonly law: AsymptoticName
}

/**
 * The barrier of a cell by Eyring and Kramers; where these do not apply, that of Freidlin and Wentzell, which asks less
 * of the event and has no prefactor. The refusal is that of Eyring and Kramers. `data` as in `asymptotics`.
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
