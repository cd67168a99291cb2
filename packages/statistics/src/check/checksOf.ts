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

/** What the checks need to know of a cell. */
export interface CheckedCell extends CellFindings {
  /** The name of the rule that ended the cell; null while trials are pending. */
  readonly ended: string | null
  /** The horizon, `trial.steps`. */
  readonly horizon: number
  /** Null if none are stored for the cell. If left out (the default), they are not checked. */
  readonly premises?: Premises | null
  /** What counts as an escape. Needed where the cell is its own control. */
  readonly escape?: EscapeKind
}

/**
 * Whether the probability of escape, or else the first requested probability, can be trusted. Returns the
 * checks in the order of `checkNames`. Questions that do not arise are left out, and one question may have several
 * answers. Empty without trials. The agreement of methods concerns two cells: see `agreement`.
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
    // The batch that finds them may be still to come where the cell is open.
    ...(premises === null && ended !== null ? [notChecked] : []),
    ...ofTrials(cell, mainEstimateOf(estimates)),
    stopCheck(ended),
  ])
}

/** For a cell whose trials are stored without its premises, as an earlier version did. */
const notChecked = check(
  'control',
  'doubtful',
  'not checked: no control run, nor any other check that needs no trials, is stored for this cell',
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

/** Checks that more trials, or another way of running them, can fix. */
const byTrials: ReadonlySet<CheckName> = new Set(['events', 'interval', 'horizon', 'stop', 'spread'])

/** The checks in order. If the number is wrong, none proposes more trials: they would only narrow what is wrong. */
function withoutMore(checks: readonly Check[]): readonly Check[] {
  const isWrong = checks.some(({ verdict }) => verdict === 'wrong')
  return inOrder(isWrong ? checks.map((each) => (byTrials.has(each.name) ? { ...each, hint: null } : each)) : checks)
}

/** Checks from several sources, sorted by `checkNames`; those of one name stay in their order. */
export function inOrder(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => ranks[a.name] - ranks[b.name])
}
