import type { Method, Trial } from '../cell.ts'
import type { Path } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { each, together } from '../mistakes.ts'
import type { Demand } from '../sweep.ts'
import { estimatesOf, probabilitiesOf } from './estimates.ts'

/** Refuses a demand that the events or the horizon of a trial cannot meet. */
export function checkDemand(demand: Demand, trial: Trial, until: unknown): void {
  const known = estimatesOf(trial, demand.horizons)
  const shares = known.filter((name) => name !== 'escapeRate' && name !== 'escapeStep')
  const refuse = (name: string, path: Path, known: readonly string[]) => {
    if (!known.includes(name))
      throw new Mistake('UNKNOWN_ESTIMATE', path, { value: name, known, ...eventHint(name, known) })
  }
  const before = (step: number, path: Path) => {
    if (step >= trial.steps) throw new Mistake('HORIZON', path, { value: step, limit: `${trial.steps}` })
  }
  together({
    horizons: () => each(demand.horizons, (horizon, i) => before(horizon, ['horizons', i])),
    rate: () => before(demand.rateAfter ?? 0, ['rate', 'after']),
    estimates: () => each(demand.estimates ?? [], (name, i) => refuse(name, ['estimates', i], known)),
    contrasts: () => each(demand.contrasts, ({ of }, i) => refuse(of, ['contrasts', i, 'of'], shares)),
    until: () =>
      each(demand.until?.rules ?? [], ({ estimate }, i) =>
        refuse(estimate, ['until', ...ruleAt(until, i), 'estimate'], probabilitiesOf(trial)),
      ),
  })
}

/** Where the rule of this index stands: `until` is one rule, a list of them, or holds one. */
function ruleAt(until: unknown, index: number): Path {
  if (Array.isArray(until)) return [index]
  return isMapping(until) && until.rules !== undefined ? ['rules', index] : []
}

const events: Readonly<Record<string, string>> = {
  settle: 'trial.converge or trial.quench, and named minima',
  exit: 'trial.escape with names for its exits',
  class: 'trial.classify',
  mark: 'trial.marks',
  cost: 'trial.marks',
  escape: 'trial.escape',
  escapeRate: 'trial.escape',
  escapeStep: 'trial.escape',
  stay: 'trial.escape',
  converge: 'trial.converge',
}

/** The event that an estimate is of, where the trial has none of the kind. */
function eventHint(name: string, known: readonly string[]): { readonly hint?: string } {
  const kind = name.replace(/[:@].*$/, '')
  const event = Object.hasOwn(events, kind) ? events[kind] : undefined
  const isThere = known.some((other) => other.replace(/[:@].*$/, '') === kind)
  // A time or a rate of an escape that there is stands where only probabilities can.
  if (event === undefined || isThere || (event === 'trial.escape' && known.includes('escape'))) return {}
  return { hint: `it needs ${event}` }
}

/** Stop rules, contrasts and other estimates than of exits are for counts of events, which values are not. */
export function checkMethod({ until, contrasts, estimates }: Demand, { kind }: Method, trial: Trial): void {
  if (kind === 'direct') return
  const known = probabilitiesOf(trial).filter((name) => name === 'escape' || name.startsWith('exit:'))
  if (estimates !== null && !estimates.some((name) => known.includes(name)))
    throw new Mistake('UNKNOWN_ESTIMATE', ['estimates'], { value: estimates.join(', '), known })
  if (contrasts.length > 0)
    throw new Mistake(
      'METHOD',
      ['contrasts'],
      { word: 'contrasts', hint: 'contrasts are of direct cells alone' },
      'key',
    )
  if (kind === 'tilt' && until !== null)
    throw new Mistake('METHOD', ['until'], { word: 'until', hint: 'a tilt takes a number of trials' }, 'key')
}
