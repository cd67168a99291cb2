import { check as entries } from './check.generated.ts'
import {
  type CheckEntry,
  type CheckedCell,
  mainEstimateOf,
  type PremiseContext,
  type Statements,
} from './finding/cellFindings.ts'
import { type Check, type CheckName, check, checkNames, notChecked } from './finding/check.ts'
import type { Premises } from './finding/premises.ts'

/** The checks of one cell. The other two names belong to a check of a spec, and to a comparison of two cells. */
const checks: Readonly<Record<Exclude<CheckName, 'minima' | 'agreement'>, CheckEntry>> = entries
const isOfOneCell = (name: CheckName): name is keyof typeof checks => Object.hasOwn(checks, name)
const named = checkNames.filter(isOfOneCell).map((name) => [name, checks[name]] as const)
const ranks = Object.fromEntries(checkNames.map((name, rank) => [name, rank])) as Readonly<Record<CheckName, number>>

/**
 * Checks whether the probability of escape, or else the first requested probability, can be trusted. Returns the checks
 * that apply, in the order of `checkNames`, and none if there are no trials.
 */
export function checksOf(cell: CheckedCell): readonly Check[] {
  const { tally, ended, premises, escape = null, horizon } = cell
  if (tally.trials === 0) return []
  const main = mainEstimateOf(cell.estimates)
  return withoutMore([
    ...(premises
      ? premiseChecks(premises, { escape, measuresEscape: tally.exits.length > 0, found: cell, horizon })
      : []),
    // While trials are pending, the batch that computes the premises of the cell may not have run yet.
    ...(premises === null && ended !== null ? [withoutPremises] : []),
    ...made(({ ofTrials }) => ofTrials?.(cell, main)),
  ])
}

/** The checks that the entries make. A plain loop is used, because a sweep may have 10^5 cells. */
function made(make: (entry: CheckEntry) => Statements | undefined): readonly Check[] {
  const found: Check[] = []
  for (const [name, entry] of named) {
    const statements = make(entry) ?? []
    for (const statement of Array.isArray(statements) ? statements : [statements]) {
      if (statement === null) continue
      const { verdict, text, hint } = statement
      found.push({ name, verdict, text, hint })
    }
  }
  return found
}

const withoutPremises = check(
  'control',
  'doubtful',
  `${notChecked}the cell was stored without a control run and without the other checks that precede its trials`,
  'run `driftfarm verify SWEEP`, which computes them',
)

/** Returns the checks that follow from the premises of a cell and, if known, the results of the trials. */
export function premiseChecks(
  premises: Premises,
  { escape = null, measuresEscape = true, found = null, horizon = 0 }: Partial<PremiseContext> = {},
): readonly Check[] {
  const context = { escape, measuresEscape, found, horizon }
  return [...made(({ ofPremises }) => ofPremises?.(premises, context)), ...notFound(premises)]
}

function notFound({ failed, lost }: Premises): readonly Check[] {
  return [...new Set(failed.map(({ reason }) => reason))].map((reason) => {
    const parts = failed.filter((each) => each.reason === reason).map(({ part }) => part)
    const names = parts.map((part) => named.find(([, entry]) => entry.parts?.includes(part))![0])
    const [first, ...others] = new Set(names)
    const text = `${notChecked}${reason}${others.length === 0 ? '' : ` (also not checked: ${others.join(', ')})`}`
    const hint = lost ? 'run `driftfarm verify SWEEP`, or run the sweep with more trials, to check again' : null
    return check(first!, 'note', text, hint)
  })
}

const proposingTrials: ReadonlySet<CheckName> = new Set(
  named.filter(([, { proposesTrials }]) => proposesTrials).map(([name]) => name),
)

/**
 * If any verdict is `wrong`, hints that propose more trials are removed. More trials would only narrow the interval of
 * a wrong number.
 */
function withoutMore(checks: readonly Check[]): readonly Check[] {
  const isWrong = checks.some(({ verdict }) => verdict === 'wrong')
  return inOrder(
    isWrong ? checks.map((each) => (proposingTrials.has(each.name) ? { ...each, hint: null } : each)) : checks,
  )
}

/** Sorts by `checkNames`. Checks of the same name keep their order. */
export function inOrder(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => ranks[a.name] - ranks[b.name])
}
