import type { Method, Trial } from '../cell.ts'
import { isMapping, type Mapping, own, type Path } from '../document/value.ts'
import { Mistake, misplacedKey } from '../errors.ts'
import { eventNamesOf, kindOf } from '../estimate/kinds.ts'
import {
  estimateNames,
  isEstimatedByValues,
  isKind,
  kindNamed,
  parseEstimate,
  parseEvent,
  printEstimate,
  probabilityNames,
} from '../estimate/name.ts'
import type { Scope } from '../field/frame.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { type Demand, observedNames } from '../sweep.ts'
import { checkObservations } from './observe.ts'
import { thresholdPath } from './threshold.ts'

interface Asked {
  readonly trial: Trial
  readonly scope: Scope
  readonly resolved: ResolvedLandscape
}

/** `written` is the document with its axes. */
export function checkDemand(demand: Demand, { trial, scope, resolved }: Asked, written: Mapping): void {
  const events = eventNamesOf(trial)
  const known = [...estimateNames(events, demand.horizons), ...observedNames(demand.observe)]
  const refuse = (name: string, path: Path, known: readonly string[]) => {
    if (!known.includes(name))
      throw new Mistake('UNKNOWN_ESTIMATE', path, { value: name, known, ...eventHint(name, known) })
  }
  const before = (step: number, path: Path) => {
    if (step >= trial.steps) throw new Mistake('HORIZON', path, { value: step, limit: `${trial.steps}` })
  }
  collectParts({
    observe: () => checkObservations(demand, trial, scope, resolved),
    horizons: () => collectEach(demand.horizons, (horizon, i) => before(horizon, ['horizons', i])),
    rate: () => before(demand.rateAfter ?? 0, ['rate', 'after']),
    estimates: () => collectEach(demand.estimates ?? [], (name, i) => refuse(name, ['estimates', i], known)),
    contrasts: () =>
      collectEach(demand.contrasts, ({ of }, i) =>
        refuse(
          of,
          ['contrasts', i, 'of'],
          known.filter((name) => parseEvent(name) !== null),
        ),
      ),
    until: () =>
      collectEach(demand.until?.rules ?? [], ({ estimate }, i) =>
        refuse(estimate, [...ruleAt(written, i), 'estimate'], probabilityNames(events)),
      ),
  })
}

/** Returns the path of a stopping rule. If `until` is missing, the rule comes from `threshold`. */
function ruleAt(written: Mapping, index: number): Path {
  const until = own(written, 'until')
  if (until === undefined) return thresholdPath(written) ?? []
  if (Array.isArray(until)) return ['until', index]
  return isMapping(until) && own(until, 'rules') !== undefined ? ['until', 'rules', index] : ['until']
}

function eventHint(name: string, known: readonly string[]): { readonly hint?: string; readonly fix?: string } {
  const kind = name.replace(/[:@].*$/, '')
  if (!isKind(kind)) return {}
  const { needs, near, value } = kindOf(kind)
  if (value === 'mean' && known.every((other) => parseEvent(other) !== null))
    return { hint: 'it is a mean, not a probability; write a mark or a class for the event "the value is large"' }
  if (near !== undefined) {
    const meant = printEstimate({ kind: near, name: parseEstimate(name)?.name ?? '' })
    if (known.includes(meant)) return { hint: `it is not a probability; did you mean ${meant}?`, fix: meant }
  }
  const isThere = known.some((other) => kindNamed(other) === kind)
  // Stopping rules and contrasts refuse every escape rate and escape time. If the trial already has an escape, the hint
  // `it needs trial.escape` would therefore be wrong.
  if (needs === undefined || isThere || (needs === 'trial.escape' && known.includes('escape'))) return {}
  return { hint: `it needs ${needs}` }
}

/** Trials of splitting and tilt yield weights or values, not counts of events. */
export function checkMethod({ until, contrasts, estimates }: Demand, { kind }: Method, trial: Trial): void {
  const known = probabilityNames(eventNamesOf(trial)).filter(isEstimatedByValues)
  if (estimates !== null && !estimates.some((name) => known.includes(name)))
    throw new Mistake('UNKNOWN_ESTIMATE', ['estimates'], { value: estimates.join(', '), known })
  if (contrasts.length > 0) throw misplacedKey(['contrasts'], 'contrasts compare direct cells only', 'METHOD')
  if (kind === 'tilt' && until !== null)
    throw misplacedKey(['until'], 'the method `tilt` needs a fixed number of trials: write `trials:`', 'METHOD')
}
