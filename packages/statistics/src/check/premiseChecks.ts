import { basinChecks } from './basin.ts'
import type { CellFindings } from './cellFindings.ts'
import { type Check, type CheckName, check } from './check.ts'
import { controlChecks, type EscapeKind } from './control.ts'
import { firstStepChecks } from './firstStep.ts'
import { overshootChecks } from './overshoot.ts'
import type { PremisePart, Premises } from './premises.ts'
import { resolutionChecks } from './resolution.ts'
import { saddleChecks } from './saddle.ts'
import { settlingChecks } from './settling.ts'
import { stabilityChecks } from './stability.ts'
import { startChecks } from './start.ts'
import { temperatureChecks } from './temperature.ts'
import { twinsChecks } from './twins.ts'

export interface PremiseCheckInputs {
  /** What counts as an escape; default null. */
  readonly escape?: EscapeKind
  /** Whether the cell has an escape event; default true. */
  readonly measuresEscape?: boolean
  /** The results of the trials; null (the default) before any trial. */
  readonly found?: CellFindings | null
  /** The horizon, `trial.steps`. Required if `found` is given. */
  readonly horizon?: number
}

/** The check to which a part of the premises belongs; omitted if both have the same name. */
const checkOfPart: Readonly<Partial<Record<PremisePart, CheckName>>> = {
  twins: 'control',
  overshoot: 'stability',
  settling: 'basin',
  saddle: 'start',
  firstStep: 'start',
  relaxation: 'horizon',
}

/** Returns the checks that follow from the premises of a cell and, if known, the results of the trials. */
export function premiseChecks(
  premises: Premises,
  { escape = null, measuresEscape = true, found = null, horizon = 0 }: PremiseCheckInputs = {},
): readonly Check[] {
  return [
    ...controlChecks(premises, { escape, measuresEscape }, found),
    ...twinsChecks(premises.twins),
    ...basinChecks(premises.basin, found),
    ...settlingChecks(premises.settling),
    ...startChecks(premises.start, measuresEscape, found),
    ...saddleChecks(premises.saddle, measuresEscape, found),
    ...firstStepChecks(premises, found, horizon),
    ...stabilityChecks(premises.stability),
    ...overshootChecks(premises.overshoot),
    ...resolutionChecks(premises.resolution, premises.control?.own === true),
    ...temperatureChecks(premises),
    ...notChecked(premises),
  ]
}

function notChecked({ failed, lost }: Premises): readonly Check[] {
  return [...new Set(failed.map(({ reason }) => reason))].map((reason) => {
    const parts = failed.filter((each) => each.reason === reason).map(({ part }) => part)
    const names = [...new Set(parts.map((part) => checkOfPart[part] ?? (part as CheckName)))]
    const [first, ...others] = names
    const text = `not checked: ${reason}${others.length === 0 ? '' : ` (also not checked: ${others.join(', ')})`}`
    const hint = lost ? 'run `driftfarm verify SWEEP`, or run the sweep with more trials, to check again' : null
    return check(first!, 'note', text, hint)
  })
}
