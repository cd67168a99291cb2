import { basinChecks } from './basin.ts'
import { type CellFindings, mainEstimateOf } from './cellFindings.ts'
import { type Check, type CheckName, check, checkNames } from './check.ts'
import type { EscapeKind } from './control.ts'
import { divergedChecks } from './diverged.ts'
import { costChecks, eventsCheck } from './events.ts'
import { horizonCheck, rateChecks } from './horizon.ts'
import { intervalCheck, stepChecks } from './interval.ts'
import { premiseChecks } from './premiseChecks.ts'
import type { Premises } from './premises.ts'
import { spreadChecks } from './spread.ts'
import { stopCheck } from './stop.ts'

export interface CheckedCell extends CellFindings {
  /** The name of the rule that ended the cell; null while trials are pending. */
  readonly ended: string | null
  /** The horizon, `trial.steps`. */
  readonly horizon: number
  /** Null if no premises are stored. If `premises` is undefined, checks that need them are skipped. */
  readonly premises?: Premises | null
  /**
   * What counts as an escape. Required if the cell has neither drift nor batches, because its trials are then also the
   * control run.
   */
  readonly escape?: EscapeKind
}

/**
 * Checks whether the probability of escape, or else the first requested probability, can be trusted. Returns the checks
 * that apply, in the order of `checkNames`, and none if there are no trials. The check `agreement` compares two cells
 * and is a separate function.
 */
export function checksOf(cell: CheckedCell): readonly Check[] {
  const { tally, estimates, ended, premises, escape = null } = cell
  if (tally.trials === 0) return []
  return withoutMore([
    ...(premises === null || premises === undefined
      ? basinChecks(null, cell)
      : premiseChecks(premises, {
          escape,
          measuresEscape: tally.exits.length > 0,
          found: cell,
          horizon: cell.horizon,
        })),
    // While trials are pending, the batch that computes the premises of the cell may not have run yet.
    ...(premises === null && ended !== null ? [notChecked] : []),
    ...ofTrials(cell, mainEstimateOf(estimates)),
    stopCheck(ended),
  ])
}

/** Earlier versions stored no premises. */
const notChecked = check(
  'control',
  'doubtful',
  'not checked: the cell was stored without a control run and without the other checks that precede its trials',
  'run `driftfarm verify SWEEP`, which computes them',
)

function ofTrials(cell: CheckedCell, main: ReturnType<typeof mainEstimateOf>): readonly Check[] {
  const { estimates, ended, horizon, tally } = cell
  const counted = tally.values === undefined
  const ofRate = counted ? rateChecks(cell, { horizon, relaxation: cell.premises?.relaxation ?? null }) : []
  if (main === null) return [...ofRate, ...divergedChecks(null, cell)]
  const [name, estimate] = main
  return [
    ...(counted ? [eventsCheck(name, estimate, cell), ...costChecks(estimates)] : []),
    intervalCheck(estimate, ended),
    ...stepChecks(estimates),
    ...(counted ? [horizonCheck(name, estimate, tally, horizon)] : []),
    ...ofRate,
    ...divergedChecks(name, cell),
    ...spreadChecks(estimate, cell),
  ]
}

const ranks = Object.fromEntries(checkNames.map((name, rank) => [name, rank])) as Readonly<Record<CheckName, number>>

const byTrials: ReadonlySet<CheckName> = new Set(['events', 'interval', 'horizon', 'stop', 'spread'])

/**
 * If any verdict is `wrong`, hints that propose more trials are removed. More trials would only narrow the interval of
 * a wrong number.
 */
function withoutMore(checks: readonly Check[]): readonly Check[] {
  const isWrong = checks.some(({ verdict }) => verdict === 'wrong')
  return inOrder(isWrong ? checks.map((each) => (byTrials.has(each.name) ? { ...each, hint: null } : each)) : checks)
}

/** Checks of the same name keep their order. */
export function inOrder(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => ranks[a.name] - ranks[b.name])
}
