import { basinChecks } from './basin.ts'
import { type Found, mainOf } from './believed.ts'
import { type Check, checkNames } from './check.ts'
import type { EscapeKind } from './control.ts'
import { divergedChecks } from './diverged.ts'
import { costChecks, eventsCheck } from './events.ts'
import { horizonChecks } from './horizon.ts'
import { intervalCheck, stepChecks } from './interval.ts'
import { premiseChecks } from './premiseChecks.ts'
import type { Premises } from './premises.ts'
import { spreadChecks } from './spread.ts'
import { stopCheck } from './stop.ts'

/** What a cell came to, as far as belief in it goes. */
export interface Believed extends Found {
  /** The rule that ended the cell; null while trials are still to come. */
  readonly ended: string | null
  /** trial.steps. */
  readonly horizon: number
  /** Null, the default: nothing was kept of what the cell rests on, and nothing is said of it. */
  readonly premises?: Premises | null
  /** What counts as an escape; needed where the cell is its own control. */
  readonly escape?: EscapeKind
}

/**
 * Whether the probability of escape (or the first one that was asked for) is to be believed, question by question, in
 * the order of `checkNames`; those that do not arise are left out, and one may have several answers. Empty without
 * trials. Agreement of methods needs two cells: `agreement`.
 */
export function checksOf(cell: Believed): readonly Check[] {
  const { tally, estimates, ended, premises = null, escape = null } = cell
  if (tally.trials === 0) return []
  return inOrder([
    ...(premises === null
      ? basinChecks(null, cell)
      : premiseChecks(premises, { escape, measuresEscape: tally.exits.length > 0, found: cell })),
    ...ofTrials(cell, mainOf(estimates)),
    stopCheck(ended),
  ])
}

function ofTrials(cell: Believed, main: ReturnType<typeof mainOf>): readonly Check[] {
  const { estimates, ended, horizon, tally } = cell
  if (main === null) return divergedChecks(null, cell)
  const [name, estimate] = main
  const counted = tally.values === undefined
  return [
    ...(counted ? [eventsCheck(name, estimate, cell), ...costChecks(estimates)] : []),
    intervalCheck(estimate, ended),
    ...stepChecks(estimates),
    ...(counted ? horizonChecks(name, estimate, cell, horizon) : []),
    ...divergedChecks(name, cell),
    ...spreadChecks(estimate, cell),
  ]
}

/** Checks of several sources in the one order. */
export function inOrder(checks: readonly Check[]): readonly Check[] {
  return checkNames.flatMap((name) => checks.filter((each) => each.name === name))
}
