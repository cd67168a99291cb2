import { basinChecks } from './basin.ts'
import type { Found } from './believed.ts'
import { type Check, type CheckName, check } from './check.ts'
import { controlChecks, type EscapeKind } from './control.ts'
import { overshootChecks } from './overshoot.ts'
import type { PremisePart, Premises } from './premises.ts'
import { resolutionChecks } from './resolution.ts'
import { stabilityChecks } from './stability.ts'
import { startChecks } from './start.ts'
import { temperatureChecks } from './temperature.ts'
import { twinsChecks } from './twins.ts'

export interface Asked {
  /** What counts as an escape. Needed only for a cell that is its own control. */
  readonly escape?: EscapeKind
  /** Whether the cell has an escape event; default true. */
  readonly measuresEscape?: boolean
  /** What the trials gave; null, the default, before any trial. */
  readonly found?: Found | null
}

/** The checks that follow from the premises of a cell, before its trials or together with their results. */
export function premiseChecks(
  premises: Premises,
  { escape = null, measuresEscape = true, found = null }: Asked = {},
): readonly Check[] {
  return [
    ...controlChecks(premises, { escape, measuresEscape }, found),
    ...twinsChecks(premises.twins),
    ...basinChecks(premises.basin, found),
    ...startChecks(premises.start, measuresEscape, found),
    ...stabilityChecks(premises.stability),
    ...overshootChecks(premises.overshoot),
    ...resolutionChecks(premises.resolution, premises.control?.own === true),
    ...temperatureChecks(premises),
    ...premises.failed.map(({ part, reason }) =>
      check(
        checkOf(part),
        'note',
        `not checked: ${reason}`,
        premises.lost ? '`driftfarm verify SWEEP` looks again, and so does a run with more trials' : null,
      ),
    ),
  ]
}

/** The check that a part belongs to. */
function checkOf(part: PremisePart): CheckName {
  return part === 'twins' ? 'control' : part === 'overshoot' ? 'stability' : part
}
