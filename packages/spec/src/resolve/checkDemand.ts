import type { Method, Trial } from '../cell.ts'
import type { Path } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { type EstimateKind, estimateKinds, eventNamesOf, kindOf } from '../estimate/kinds.ts'
import { askable, probabilityNames } from '../estimate/list.ts'
import { kindNamed, parseEstimate, parseEvent, printEstimate, valuesTell } from '../estimate/name.ts'
import { each, together } from '../mistakes.ts'
import type { Demand } from '../sweep.ts'

/** Refuses a demand that the events or the horizon of a trial cannot meet. */
export function checkDemand(demand: Demand, trial: Trial, until: unknown): void {
  const events = eventNamesOf(trial)
  const known = askable(events, demand.horizons)
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
    contrasts: () =>
      each(demand.contrasts, ({ of }, i) =>
        refuse(
          of,
          ['contrasts', i, 'of'],
          known.filter((name) => parseEvent(name) !== null),
        ),
      ),
    until: () =>
      each(demand.until?.rules ?? [], ({ estimate }, i) =>
        refuse(estimate, ['until', ...ruleAt(until, i), 'estimate'], probabilityNames(events)),
      ),
  })
}

/** Where the rule of this index stands: `until` is one rule, a list of them, or holds one. */
function ruleAt(until: unknown, index: number): Path {
  if (Array.isArray(until)) return [index]
  return isMapping(until) && until.rules !== undefined ? ['rules', index] : []
}

/** What a word is of, also where a horizon or a name is missing or too much. */
function kindOfWord(word: string): EstimateKind | undefined {
  const kind = word.replace(/[:@].*$/, '')
  return (Object.keys(estimateKinds) as EstimateKind[]).find((each) => each === kind)
}

/**
 * The event that an estimate is of, where the trial has none of the kind; or the probability of it, where none but that
 * can stand.
 */
function eventHint(name: string, known: readonly string[]): { readonly hint?: string } {
  const kind = kindOfWord(name)
  if (kind === undefined) return {}
  const { needs, near } = kindOf(kind)
  if (near !== undefined) {
    const meant = printEstimate({ kind: near, name: parseEstimate(name)?.name ?? '' })
    if (known.includes(meant)) return { hint: `it is no probability; did you mean ${meant}?` }
  }
  const isThere = known.some((other) => kindNamed(other) === kind)
  // A time or a rate of an escape that there is stands where only probabilities can.
  if (needs === null || isThere || (needs === 'trial.escape' && known.includes('escape'))) return {}
  return { hint: `it needs ${needs}` }
}

/** Stop rules, contrasts and other estimates than of exits are for counts of events, which values are not. */
export function checkMethod({ until, contrasts, estimates }: Demand, { kind }: Method, trial: Trial): void {
  if (kind === 'direct') return
  const known = probabilityNames(eventNamesOf(trial)).filter(valuesTell)
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
