import type { Method, Trial } from '../cell.ts'
import { Mistake } from '../errors.ts'
import type { Demand } from '../sweep.ts'
import { estimatesOf, probabilitiesOf } from './estimates.ts'

/** Refuses a demand that the events or the horizon of a trial cannot meet. */
export function checkDemand(demand: Demand, trial: Trial): void {
  for (const [i, horizon] of demand.horizons.entries()) {
    if (horizon >= trial.steps)
      throw new Mistake('HORIZON', ['horizons', i], { value: horizon, limit: `${trial.steps}` })
  }
  const { rateAfter = 0 } = demand
  if (rateAfter >= trial.steps)
    throw new Mistake('HORIZON', ['rate', 'after'], { value: rateAfter, limit: `${trial.steps}` })
  if (demand.estimates !== null) {
    const known = estimatesOf(trial, demand.horizons)
    const wrong = demand.estimates.findIndex((name) => !known.includes(name))
    if (wrong >= 0)
      throw new Mistake('UNKNOWN_ESTIMATE', ['estimates', wrong], { value: demand.estimates[wrong], known })
  }
  if (demand.contrasts.length > 0) {
    const known = estimatesOf(trial, demand.horizons).filter((name) => name !== 'escapeRate' && name !== 'escapeStep')
    const wrong = demand.contrasts.findIndex(({ of }) => !known.includes(of))
    if (wrong >= 0)
      throw new Mistake('UNKNOWN_ESTIMATE', ['contrasts', wrong, 'of'], { value: demand.contrasts[wrong]!.of, known })
  }
  if (demand.until !== null) {
    const known = probabilitiesOf(trial)
    const wrong = demand.until.rules.find(({ estimate }) => !known.includes(estimate))
    if (wrong !== undefined) {
      throw new Mistake('UNKNOWN_ESTIMATE', ['until', 'estimate'], { value: wrong.estimate, known })
    }
  }
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
